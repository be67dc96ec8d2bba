import type { PurgeReport } from '../../ops/report/keys-report.js'
import { formatDuration, formatQuantity } from '../format.js'
import type { Terminal } from '../terminal.js'
import { formatMemory, paragraph, targetLine } from './keys-parts.js'

/** The plan; then what was done, or the command that does it. Quiet: the last line. */
export function purgeText(report: PurgeReport, terminal: Terminal): string {
  const ending = endingOf(report, terminal)
  return terminal.quiet ? ending : [planText(report, terminal), '', ending].join('\n')
}

export function planText({ target, family, pattern, plan }: PurgeReport, terminal: Terminal): string {
  const more = plan.keys > plan.examples.length ? ', …' : ''
  const lines: [string, string][] = [
    ['target', `${targetLine(target)}, fingerprint ${target.fingerprint}`],
    ['family', `${family} (${pattern})`],
    [
      'matches',
      `${plan.complete ? '' : 'at least '}${formatQuantity(plan.keys, 'key')}, ${formatMemory(plan.memoryBytes)}`,
    ],
    ['sample', plan.keys === 0 ? 'none' : `${plan.examples.join(', ')}${more}`],
    ['effect', plan.effect],
    ['method', 'UNLINK of exact names, each checked against the pattern; there is no undo yet'],
  ]
  if (plan.lookAlikes > 0) {
    const quantity = formatQuantity(plan.lookAlikes, 'key')
    lines.push(['left', `${quantity} with a similar name but another pattern: never touched`])
  }
  return lines.map(([label, text]) => paragraph(label, text, terminal)).join('\n')
}

function endingOf(
  { mode, plan, result, apply, interrupted, error }: PurgeReport,
  terminal: Terminal,
): string {
  const { style } = terminal
  if (result === null) {
    if (interrupted || !plan.complete) {
      return paragraph('partial', 'stopped while counting; nothing was deleted', terminal, style.caution)
    }
    if (plan.keys === 0) return paragraph('ok', 'nothing to delete', terminal, style.good)
    if (mode === 'apply') return paragraph('refused', 'nothing was deleted', terminal, style.caution)
    return [
      paragraph('dry run', 'nothing was deleted. To do it:', terminal, style.good),
      `${' '.repeat(9)}${apply}`,
    ].join('\n')
  }
  const kept = [
    result.tombstonesLeft > 0 &&
      `${formatQuantity(result.tombstonesLeft, 'tombstone')} left, which expire within seconds`,
    result.gone > 0 && `${formatQuantity(result.gone, 'key')} gone before`,
    result.unknown > 0 && `${formatQuantity(result.unknown, 'key')} sent without an answer: deleted or not`,
  ].filter((text) => text !== false)
  const done = `${formatQuantity(result.deleted, 'key')} deleted in ${formatDuration(result.durationMs)}`
  const text = [done, ...kept].join('; ')
  if (result.complete && !error) return paragraph('ok', text, terminal, style.good)
  const why = interrupted ? 'stopped' : 'broken off'
  return paragraph(
    'partial',
    `${why}: ${text}. Others of the ${formatQuantity(plan.keys, 'key')} counted are still there; the same command goes on`,
    terminal,
    style.caution,
  )
}
