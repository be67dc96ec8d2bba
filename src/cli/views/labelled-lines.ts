import { formatQuantity } from '../../ops/report/format.js'
import { sanitise } from '../sanitise.js'
import type { Terminal } from '../terminal.js'

/** Columns of a label. */
export const INDENT = 9

/** Text under a label of nine columns, broken between words at the terminal's width. */
export function entry(label: string, text: string, terminal: Terminal, paint = terminal.style.dim): string {
  return wrapped(text, terminal.width - INDENT)
    .map((line, index) => `${index === 0 ? paint(label.padEnd(INDENT)) : ' '.repeat(INDENT)}${line}`)
    .join('\n')
}

/** Lines as they are, under a label; of too many the last. */
export function block(label: string, text: string, most: number, terminal: Terminal): string[] {
  const lines = text.replace(/^\n+|\s+$/g, '').split('\n')
  const hidden = lines.length - most
  const note = hidden > 0 ? [terminal.style.dim(`(${formatQuantity(hidden, 'line')} above)`)] : []
  return labelled(label, [...note, ...lines.slice(-most).map((line) => sanitise(line.trimEnd()))], terminal)
}

function labelled(label: string, lines: readonly string[], { style }: Terminal): string[] {
  return lines.map((line, index) =>
    `${index === 0 ? style.dim(label.padEnd(INDENT)) : ' '.repeat(INDENT)}${line}`.trimEnd(),
  )
}

/** Markdown prose broken anew at the terminal's width; list items hang. */
export function prose(label: string, markdown: string, terminal: Terminal): string[] {
  const paragraphs: string[] = []
  for (const line of markdown.replaceAll('**', '').split('\n')) {
    const begins =
      line.trim() === '' || /^\s*(?:[-*+>|#]|\d+[.)]\s|```)/.test(line) || paragraphs.at(-1) === ''
    if (begins || paragraphs.length === 0) paragraphs.push(sanitise(line.trimEnd()))
    else paragraphs[paragraphs.length - 1] += ` ${sanitise(line.trim())}`
  }
  const lines = paragraphs.flatMap((paragraph) => {
    const indent = /^\s*(?:[-*+>]|\d+[.)])?\s*/.exec(paragraph)?.[0].length ?? 0
    const [first = '', ...rest] = wrapped(paragraph.slice(indent), terminal.width - INDENT - indent)
    return [paragraph.slice(0, indent) + first, ...rest.map((line) => ' '.repeat(indent) + line)]
  })
  return labelled(label, lines, terminal)
}

/** Text broken between words; a word that is longer than a line stays whole. */
export function wrapped(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`
    if (longer.length > width && lines.at(-1) !== '') lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}
