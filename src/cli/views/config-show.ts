import { basename } from 'node:path'
import type { ConfigReport, Said } from '../../ops/config/show.js'
import { formatQuantity } from '../../ops/report/format.js'
import { inAscii } from '../in-ascii.js'
import { sanitise } from '../sanitise.js'
import { renderTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { entry } from './labelled-lines.js'

interface Row extends Said {
  name: string
  overrode: Said[]
}

/** Every setting, the application's variables, and in the last line how much of it is not the default. */
export function configText(
  report: ConfigReport,
  { origin }: { origin: boolean },
  terminal: Terminal,
): string {
  const rowsOf = (shown: ConfigReport['settings']) =>
    shown.map(({ path, ...said }): Row => ({ name: path, ...said }))
  const settings = rowsOf(report.settings.filter(({ description }) => description !== null))
  const declared = rowsOf(report.settings.filter(({ description }) => description === null))
  const variables = report.variables.map(({ from, ...said }): Row => ({ ...said, from: from ?? '' }))
  const isSet = ({ from }: Row) => from !== 'default' && from !== ''
  const table = (title: string, rows: Row[]) => tableOf(title, terminal.quiet ? rows.filter(isSet) : rows)
  const tables = [table('setting', settings), table('declared', declared), table('variable', variables)]
  const head = [entry('file', sanitise(report.file ?? 'none; cache config init writes one'), terminal)]
  for (const other of report.notRead) {
    head.push(entry('', sanitise(`${basename(other)} is there as well, and is not read`), terminal))
  }
  if (report.env !== null) head.push(entry('env', sanitise(report.env), terminal))
  const last =
    `${terminal.style.word('ok')} ${settings.filter(isSet).length} of ${formatQuantity(settings.length, 'setting')} not the default, ` +
    `${variables.filter(isSet).length} of ${formatQuantity(variables.length, 'variable')} set`
  return inAscii([head.join('\n'), ...tables.filter((each) => each !== ''), last].join('\n\n'), terminal)

  function tableOf(title: string, rows: readonly Row[]): string {
    if (rows.length === 0) return ''
    const columns = [{ title }, { title: 'value', wraps: true }, ...(origin ? [{ title: 'from' }] : [])]
    return renderTable(columns, rows.flatMap(linesOf), terminal)
  }

  function linesOf({ name, value, from, overrode }: Row): string[][] {
    const first = [sanitise(name), inWords(value)]
    if (!origin) return [first]
    return [
      [...first, named(from)],
      ...overrode.map((other) => ['', inWords(other.value), `overrode ${named(other.from)}`]),
    ]
  }

  function named(from: string): string {
    return sanitise(from === report.file ? basename(from) : from)
  }
}

function inWords(value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (value === '') return '(empty)'
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.map(inWords).join(', ')
  return sanitise(typeof value === 'string' ? value : JSON.stringify(value))
}
