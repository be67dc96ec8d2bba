import type { RestoreReport, RestoreResult } from '../../ops/report/restore-report.js'
import { formatDuration, formatCount, formatQuantity } from '../../ops/report/format.js'
import type { Terminal } from '../terminal.js'
import { INDENT } from './labelled-lines.js'
import { paragraph, targetLine } from './keys-parts.js'

/** What the undo file holds; then what was brought back, or the command that does it. Quiet: the last lines. */
export function restoreText(report: RestoreReport, terminal: Terminal): string {
  const { target, file, purge, result, overwrite } = report
  const ending = endingOf(report, terminal)
  if (terminal.quiet) return ending
  const kinds = Object.entries(result.kinds).map(([kind, keys]) => `${kind} ${formatCount(keys)}`)
  const lines: [string, string][] = [
    ['target', `${targetLine(target)}, fingerprint ${target.fingerprint}`],
    ['file', file],
    ['purge', `${purge.id}, begun ${purge.at}`],
    [
      'holds',
      `${formatQuantity(result.records, 'key')}${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}`,
    ],
    [
      'method',
      `RESTORE, with the lifetime left; a key that is there again is ${overwrite ? 'overwritten' : 'left alone'}`,
    ],
  ]
  return [...lines.map(([label, text]) => paragraph(label, text, terminal)), '', ending].join('\n')
}

function endingOf({ mode, result, apply, interrupted, error }: RestoreReport, terminal: Terminal): string {
  const { style } = terminal
  const done = [
    `${formatQuantity(result.restored, 'key')} ${mode === 'apply' ? 'restored' : 'would be restored'}`,
    ...othersText(result),
  ].join('; ')
  if (!result.complete || error) {
    const why = interrupted ? 'stopped' : 'not done'
    return paragraph('partial', `${why}: ${done}. The same command goes on`, terminal, style.caution)
  }
  if (mode === 'apply') {
    return paragraph('ok', `${done}; in ${formatDuration(result.durationMs)}`, terminal, style.good)
  }
  if (result.restored === 0 && result.present === 0) return paragraph('ok', done, terminal, style.good)
  return [
    paragraph('dry run', `${done}. Nothing was changed. To do it:`, terminal, style.good),
    `${' '.repeat(INDENT)}${apply}`,
  ].join('\n')
}

function othersText(result: RestoreResult): string[] {
  const { lengthened, present, expired, refused, refusal, unreachable, unknown } = result
  const said: [number, string][] = [
    [lengthened, 'still there, with their lifetime again'],
    [present, 'there again by now: left alone'],
    [expired, 'expired by now'],
    [refused, `refused by the server: ${refusal}`],
    [unreachable, 'of nodes that cannot be asked'],
    [unknown, 'sent without an answer: restored or not'],
  ]
  return said.flatMap(([count, text]) => (count === 0 ? [] : [`${formatQuantity(count, 'key')} ${text}`]))
}
