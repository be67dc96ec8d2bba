import { inAscii } from '../in-ascii.js'
import { renderTable } from '../table.js'
import type { Terminal } from '../terminal.js'

/** A page of our own documentation (Markdown) for a reader: paragraphs broken anew, tables as tables, code as it is. */
export function pageText(markdown: string, terminal: Terminal): string {
  const blocks = blocksOf(markdown).map((block) => render(block, terminal))
  return inAscii(blocks.join('\n\n'), terminal)
}

/** Paragraphs, lists, tables, headings; a code block is one block whatever is in it. */
function blocksOf(markdown: string): string[][] {
  const blocks: string[][] = [[]]
  let inCode = false
  for (const line of markdown.trim().split('\n')) {
    const isFence = line.startsWith('```')
    if (isFence && !inCode && blocks.at(-1)!.length > 0) blocks.push([])
    if (line.trim() === '' && !inCode) blocks.push([])
    else blocks.at(-1)!.push(line)
    if (isFence) inCode = !inCode
  }
  return blocks.filter((block) => block.length > 0)
}

function render(lines: string[], terminal: Terminal): string {
  const [first = ''] = lines
  if (first.startsWith('```')) return lines.slice(1, -1).map((line) => `    ${line}`.trimEnd()).join('\n') // prettier-ignore
  if (first.startsWith('#')) return terminal.style.bold(inline(lines.join(' ').replace(/^#+\s*/, '')))
  if (first.startsWith('|')) return table(lines, terminal)
  return items(lines)
    .map((item) => hanging(inline(item), terminal.width))
    .join('\n')
}

function table(lines: string[], terminal: Terminal): string {
  const rows = lines.map((line) => line.split('|').slice(1, -1).map((cell) => inline(cell.trim()))) // prettier-ignore
  const [head = [], , ...body] = rows
  const columns = head.map((title, index) => ({ title, wraps: index === head.length - 1 }))
  return renderTable(columns, body, terminal)
}

/** The lines of a block as list items, or as one paragraph. */
function items(lines: string[]): string[] {
  const found: string[] = []
  for (const line of lines) {
    if (found.length === 0 || /^\s*(?:[-*]|\d+\.)\s/.test(line)) found.push(line)
    else found[found.length - 1] += ` ${line.trim()}`
  }
  return found
}

/** Marks that only a browser needs. */
function inline(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('**', '')
    .replaceAll('`', '')
    .replace(/(^|[\s(])_([^_]+)_(?=\W|$)/g, '$1$2')
}

function hanging(text: string, width: number): string {
  const bullet = /^\s*(?:(?:[-*]|\d+\.)\s+)?/.exec(text)?.[0] ?? ''
  const indent = ' '.repeat(bullet.length)
  const lines = ['']
  for (const word of text.slice(bullet.length).split(/\s+/)) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`
    if (longer.length > width - bullet.length && lines.at(-1) !== '') lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines.map((line, index) => (index === 0 ? bullet : indent) + line).join('\n')
}
