import type { Cell, Mark, Table } from '../page.js'
import { escape } from './escape.js'

const SIGNS: Record<Mark['level'], string> = { good: '✓', bad: '✗', open: '?' }

/** A word with a sign and a shape of its own: what it says does not hang on its colour. */
export function badge({ level, word }: Mark): string {
  return `<span class="badge ${level}"><span aria-hidden="true">${SIGNS[level]}</span> ${escape(word)}</span>`
}

/** A table that scrolls by itself where it is too wide, also for who has but a keyboard. */
export function tableOf({ caption, columns, rows, notes = [] }: Table): string {
  const side = (index: number) => (index === 0 || columns[index]?.isText ? ' class="t"' : '')
  const head = columns.map(({ title }, index) => `<th scope="col"${side(index)}>${escape(title)}</th>`)
  const body = rows.map(([name = '', ...cells]) => {
    const values = cells.map((cell, index) => `<td${side(index + 1)}>${cellOf(cell)}</td>`)
    return `<tr><th scope="row" class="t">${cellOf(name)}</th>${values.join('')}</tr>`
  })
  return [
    `<div class="wide" role="group" tabindex="0" aria-label="${escape(caption)}"><table>`,
    `<caption><span>${escape(caption)}</span></caption><thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>${body.join('\n')}</tbody></table></div>`,
    ...notes.map((note) => `<p class="note">${escape(note)}</p>`),
  ].join('\n')
}

function cellOf(cell: Cell): string {
  if (typeof cell === 'string') return escape(cell)
  if (cell.mark) return badge(cell.mark)
  return cell.to === undefined ? escape(cell.text) : `<a href="#${escape(cell.to)}">${escape(cell.text)}</a>`
}
