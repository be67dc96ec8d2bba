import type { AuditReport, ChecklistItem } from '../../ops/report/audit-report.js'
import { formatQuantity } from '../../ops/report/format.js'
import { sanitise } from '../sanitise.js'
import type { ResultWord } from '../style.js'
import type { Terminal } from '../terminal.js'
import { wrap } from '../wrap.js'
import { placeOf } from './audit-place.js'

const WORDS: Record<ChecklistItem['result'], ResultWord> = {
  pass: 'ok',
  fail: 'FAIL',
  'not applicable': 'skip',
  'not provable': 'skip',
}
const INDENT = 7
// More of them are in the findings, or in the report as JSON.
const PLACES = 2

/** The items of the specification, each with its result and what it rests on. */
export function checklistLines({ checklist }: AuditReport, terminal: Terminal): string[] {
  const answered = checklist.filter(({ result, notApplied }) => result === 'fail' || notApplied.length === 0)
  const left = checklist.length - answered.length
  const note = `${formatQuantity(left, 'item')} not judged: not all of their rules were applied`
  if (answered.length === 0) return []
  return [
    terminal.style.bold('Review checklist'),
    ...answered.flatMap((item) => itemLines(item, terminal)),
    ...(left === 0 ? [] : wrap(`${terminal.style.word('skip')} ${note}`, INDENT, terminal.width)),
    '',
  ]
}

function itemLines(each: ChecklistItem, terminal: Terminal): string[] {
  const { number, item, result, because, evidence, rules } = each
  const { style, width } = terminal
  const by = result === 'fail' ? ` of ${rules.join(', ')}` : ''
  const more = (result === 'fail' ? each.findings : each.sites) - PLACES
  const shown = result === 'not provable' ? evidence.slice(0, 1) : evidence.slice(0, PLACES)
  const places = shown.map((place) =>
    result === 'fail' ? placeOf(place) : `${placeOf(place)} ${sanitise(place.what)}`,
  )
  const rest = more > 0 && (result === 'pass' || result === 'fail') ? [`and ${more} more`] : []
  return [
    ...wrap(`${style.word(WORDS[result])} ${number} ${item}`, INDENT, width),
    ...wrap(`${' '.repeat(INDENT)}${result}: ${because}${by}`, INDENT, width),
    ...[...places, ...rest].flatMap((text) =>
      wrap(`${' '.repeat(INDENT)}${text}`, INDENT + 2, width).map((line) => style.dim(line)),
    ),
  ]
}
