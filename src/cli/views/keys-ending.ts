import type { KeysReport } from '../../ops/report/keys-report.js'
import { formatCount, formatQuantity } from '../../ops/report/format.js'
import type { Terminal } from '../terminal.js'
import { paragraph } from './keys-parts.js'

/** The verdict in words; of a part, how to go on. */
export function keysEnding(report: KeysReport, terminal: Terminal): string[] {
  const { cursor } = report.scan
  const goOn = cursor === '0' ? [] : [paragraph('go on', `--cursor ${cursor}`, terminal)]
  return [verdictOf(report, terminal), ...goOn]
}

function verdictOf(
  { verdict, findings, scan, failOn, interrupted, error }: KeysReport,
  terminal: Terminal,
): string {
  const { style } = terminal
  const keys = formatQuantity(scan.keysSeen, 'key')
  const problems = findings.filter(({ fails }) => fails).length
  if (!scan.complete) {
    const why = interrupted || !error ? 'stopped early' : 'broken off'
    const found = problems > 0 ? `; ${formatQuantity(problems, 'finding')} that --fail-on asks for` : ''
    return paragraph(
      'partial',
      `${why} after ${keys} of about ${formatCount(scan.databaseKeys)}: nothing here is a total${found}`,
      terminal,
      style.caution,
    )
  }
  if (verdict === 'fail') {
    return paragraph(
      'FAIL',
      `${keys}, ${formatQuantity(problems, 'finding')} that --fail-on asks for`,
      terminal,
      style.bad,
    )
  }
  const checked = failOn.length === 0 ? '' : ` of ${failOn.join(', ')}`
  if (scan.databaseKeys === 0 && scan.keysSeen === 0) {
    return paragraph('ok', 'the database is empty: there is nothing to judge', terminal, style.good)
  }
  if (failOn.length > 0 || findings.length === 0) {
    return paragraph('ok', `${keys}, nothing found${checked}`, terminal, style.good)
  }
  return paragraph(
    'ok',
    `${keys} looked at; ${formatQuantity(findings.length, 'finding')} above (--fail-on makes them count)`,
    terminal,
    style.good,
  )
}
