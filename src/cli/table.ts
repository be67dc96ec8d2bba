import { stripVTControlCharacters } from 'node:util'
import CliTable from 'cli-table3'
import type { Terminal } from './terminal.js'

export interface Column {
  title: string
  /** Numbers are read from the right. @default 'left' */
  align?: 'left' | 'right'
  /** May be broken into lines when the terminal is narrow; without one, the last column is. */
  wraps?: boolean
}

const gap = 2
// Better than a list.
const narrowGap = 1
// Below this a broken column reads worse than a list.
const narrowest = 16
// Two columns each in every terminal.
const wide =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/gu
const none = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
]
const noLines = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid']
const noChars = Object.fromEntries([...none, ...noLines].map((name) => [name, '']))

/**
 * Rows under a header, two columns of space between them and no lines, within the terminal's width; one of space where that
 * makes it fit, and where even that is too narrow, one `title: value` per line. Ends without a newline. Cells may carry colours of the terminal's style.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly string[][],
  terminal: Terminal,
): string {
  if (columns.length === 0) return ''
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? ''))),
  )
  const spareWith = (between: number) =>
    terminal.width - (widths.reduce((sum, width) => sum + width, 0) + between * (columns.length - 1))
  const spare = spareWith(gap)
  let between = gap
  if (spare < 0) {
    const marked = columns.findIndex((column) => column.wraps)
    const wrapping = marked === -1 ? columns.length - 1 : marked
    const narrowed = (widths[wrapping] ?? 0) + spare
    if (narrowed >= Math.min(narrowest, widths[wrapping] ?? 0)) widths[wrapping] = narrowed
    else if (spareWith(narrowGap) >= 0) between = narrowGap
    else return renderList(columns, rows, terminal)
  }
  const table = new CliTable({
    chars: { ...noChars, middle: ' '.repeat(between) },
    colWidths: widths,
    colAligns: columns.map(({ align }) => align ?? 'left'),
    wordWrap: true,
    // A key longer than its column is broken rather than cut: what is cut cannot be copied.
    wrapOnWordBoundary: !hasLongWord(rows, widths),
    truncate: terminal.ascii ? '...' : '…',
    // Its own defaults paint the header red and the borders grey, whatever the stream.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map((_column, index) => row[index] ?? '')),
  )
  const [header = '', ...lines] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
  return [terminal.style.dim(header), ...lines].join('\n')
}

function renderList(columns: readonly Column[], rows: readonly string[][], { style }: Terminal): string {
  const blocks = rows.map((row) =>
    columns
      .map(({ title }, index) => `${style.dim(`${title}:`)} ${(row[index] ?? '').trimEnd()}`.trimEnd())
      .join('\n'),
  )
  return blocks.join('\n\n')
}

function hasLongWord(rows: readonly string[][], widths: readonly number[]): boolean {
  return rows.some((row) =>
    row.some((cell, index) => cell.split(' ').some((word) => widthOf(word) > (widths[index] ?? 0))),
  )
}

function widthOf(text: string): number {
  const plain = stripVTControlCharacters(text)
  return [...plain].length + (plain.match(wide)?.length ?? 0)
}
