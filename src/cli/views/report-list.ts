import { DRILL_WORDS } from '../../ops/report/drill-row.js'
import type { ListedRecord, RecordListReport } from '../../ops/report/record-list-report.js'
import { inAscii } from '../in-ascii.js'
import { sanitise } from '../sanitise.js'
import { renderTable, type Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { entry } from './labelled-lines.js'

const COLUMNS: Column[] = [
  { title: 'id' },
  { title: 'when (UTC)' },
  { title: 'verdict' },
  { title: 'what', wraps: true },
]

/** One row for each record; without any, how to make one. */
export function recordListText({ directory, records }: RecordListReport, terminal: Terminal): string {
  if (records.length === 0) {
    const none = `no record in ${sanitise(directory)}; cache simulate-outage and cache load-test leave one each`
    return entry('none', none, terminal)
  }
  const rows = records.map((record) => [
    record.id,
    record.start.slice(0, 16).replace('T', ' '),
    verdictOf(record, terminal),
    sanitise(whatOf(record)),
  ])
  const next = 'cache report show ID; cache report compare ID last (last~1 is the one before the last)'
  return inAscii(
    [renderTable(COLUMNS, rows, terminal), '', entry('next', next, terminal)].join('\n'),
    terminal,
  )
}

function verdictOf({ verdict, interrupted }: ListedRecord, { style }: Terminal): string {
  return interrupted ? style.caution('stopped') : style.word(DRILL_WORDS[verdict])
}

/** Of many drills the first few. */
const NAMED = 3

function whatOf({ command, subject, drills }: ListedRecord): string {
  const more = drills.length - NAMED
  const names = more > 0 ? [...drills.slice(0, NAMED), `${more} more`] : drills
  return `${command === 'load-test' ? 'load-test of ' : ''}${subject}: ${names.join(', ')}`
}
