import type { PurgeCounts, PurgeReport, PurgeResult } from '../../ops/report/purge-report.js'
import { formatDuration, formatQuantity } from '../../ops/report/format.js'
import type { Terminal } from '../terminal.js'
import { INDENT } from './labelled-lines.js'
import { paragraph } from './keys-parts.js'

/** What was done and how it is undone, or the command that does it. */
export function purgeEnding(report: PurgeReport, terminal: Terminal): string {
  const { result, plan, mode } = report
  const { style } = terminal
  if (result !== null) return resultText(report, result, terminal)
  const nodes = plan.nodes.filter(({ error }) => error !== undefined)
  if (report.interrupted || !plan.complete) {
    const why =
      nodes.length > 0 || !report.interrupted ? 'not all keys could be counted' : 'stopped while counting'
    return paragraph('partial', `${why}; nothing was changed`, terminal, style.caution)
  }
  if (report.error) return paragraph('refused', 'nothing was changed', terminal, style.caution)
  if (plan.keys === 0) return paragraph('ok', 'nothing to do', terminal, style.good)
  if (mode === 'apply') return paragraph('refused', 'nothing was changed', terminal, style.caution)
  const [label, what] =
    mode === 'plan'
      ? ['plan', `written to ${report.planFile}; nothing was changed. Review it, then:`]
      : ['dry run', 'nothing was changed. To do it:']
  return [paragraph(label!, what!, terminal, style.good), indented(report.apply)].join('\n')
}

function resultText(report: PurgeReport, result: PurgeResult, terminal: Terminal): string {
  const { style } = terminal
  const { ledger, undo, resume, interrupted, error } = report
  const done = `${changedText(report, result)} in ${formatDuration(result.durationMs)}`
  const text = [done, ...othersText(result)].join('; ')
  const isDone = result.complete && !error
  const lines = [
    isDone
      ? paragraph('ok', text, terminal, style.good)
      : paragraph('partial', `${interrupted ? 'stopped' : 'not done'}: ${text}`, terminal, style.caution),
    ...nodesText(result, terminal),
    paragraph('server', loadText(result), terminal),
  ]
  if (ledger !== null) lines.push(paragraph('ledger', ledger, terminal))
  if (undo !== null) lines.push(`${style.dim('undo'.padEnd(INDENT))}${undo}`)
  if (!isDone && resume !== null) lines.push(`${style.dim('go on'.padEnd(INDENT))}${resume}`)
  return lines.join('\n')
}

function changedText({ method }: PurgeReport, { deleted, faded }: PurgeCounts): string {
  return method.kind === 'fade'
    ? `${formatQuantity(faded, 'key')} faded`
    : `${formatQuantity(deleted, 'key')} deleted`
}

function othersText(counts: PurgeCounts): string[] {
  const { expiring, tombstonesLeft, gone, spared, contended, moved, unknown } = counts
  const said: [number, string][] = [
    [expiring, 'left, which expire by then anyway'],
    [gone, 'gone before'],
    [spared, 'left, which no longer met the condition'],
    [contended, 'NOT deleted, as somebody wrote them at every attempt'],
    [moved, 'NOT deleted, as the cluster moves them to another node'],
    [unknown, 'sent without an answer: done or not'],
  ]
  const texts = said.flatMap(([count, text]) =>
    count === 0 ? [] : [`${formatQuantity(count, 'key')} ${text}`],
  )
  if (tombstonesLeft > 0) {
    texts.unshift(`${formatQuantity(tombstonesLeft, 'tombstone')} left, which expire within seconds`)
  }
  return texts
}

function nodesText({ nodes }: PurgeResult, terminal: Terminal): string[] {
  if (nodes.length === 1) return []
  return nodes.map(({ address, error, complete, ...counts }) => {
    const done = formatQuantity(counts.deleted + counts.faded, 'key')
    const text = [`${address}: ${done}`, ...othersText(counts), ...(error ? [error.message] : [])].join('; ')
    return paragraph(complete ? 'node' : 'partial', text, terminal)
  })
}

function loadText({ roundTripMs, restedMs }: PurgeResult): string {
  if (roundTripMs === null) return 'nothing was changed on it'
  const { p50, p99, idle } = roundTripMs
  const rested = restedMs < 1 ? '' : `; ${formatDuration(restedMs)} of rest`
  return `answered in ${formatDuration(p50)} (p50), ${formatDuration(p99)} (p99); ${formatDuration(idle)} when idle${rested}`
}

function indented(command: string): string {
  return `${' '.repeat(INDENT)}${command}`
}
