import type { MethodReport, PurgePlan, PurgeReport, SelectionReport } from '../../ops/report/purge-report.js'
import { formatCount, formatDuration, formatQuantity } from '../../ops/report/format.js'
import type { Terminal } from '../terminal.js'
import { formatMemory, paragraph, targetLine } from './keys-parts.js'
import { purgeEnding } from './keys-purge-ending.js'

/** The plan; then what was done, or the command that does it. Quiet: the last lines. */
export function purgeText(report: PurgeReport, terminal: Terminal): string {
  const ending = purgeEnding(report, terminal)
  return terminal.quiet ? ending : [planText(report, terminal), '', ending].join('\n')
}

export function planText(
  { target, selection, method, keepsUndo, plan }: PurgeReport,
  terminal: Terminal,
): string {
  const more = plan.keys > plan.examples.length ? ', …' : ''
  const process = target.runId === null ? '' : `, run ${target.runId.slice(0, 8)}`
  const lines: [string, string][] = [
    ['target', `${targetLine(target)}, fingerprint ${target.fingerprint}${process}`],
    [selection.family === null ? 'match' : 'family', selectionText(selection)],
    ['matches', matchesText(plan)],
    ...nodeLines(plan),
    ['sample', plan.keys === 0 ? 'none' : `${plan.examples.join(', ')}${more}`],
    ['effect', plan.effect],
    ['method', methodText(method, keepsUndo)],
  ]
  if (plan.lookAlikes > 0) {
    const quantity = formatQuantity(plan.lookAlikes, 'key')
    lines.push([
      'left',
      `${quantity} with a similar name that ${plan.lookAlikes === 1 ? 'is' : 'are'} not meant: never touched`,
    ])
  }
  return lines.map(([label, text]) => paragraph(label, text, terminal)).join('\n')
}

function selectionText({ family, pattern, match, where }: SelectionReport): string {
  const keys = family === null ? (match ?? '') : `${family} (${pattern})`
  return where.length === 0 ? keys : `${keys} where ${where.join(' and ')}`
}

function matchesText({ keys, kinds, memoryBytes, complete }: PurgePlan): string {
  const named = Object.entries(kinds)
  const split = named.map(([kind, count]) => `${kind} ${formatCount(count)}`).join(', ')
  const each = named.length > 1 ? ` (${split})` : ''
  return `${complete ? '' : 'at least '}${formatQuantity(keys, 'key')}${each}, ${formatMemory(memoryBytes)}`
}

function nodeLines({ nodes }: PurgePlan): [string, string][] {
  if (nodes.length === 1) return []
  return nodes.map(({ address, keys, complete, error }) => [
    'node',
    `${address}: ${error ? error.message : `${complete ? '' : 'at least '}${formatQuantity(keys, 'key')}`}`,
  ])
}

function methodText({ kind, overMs, maxRate }: MethodReport, keepsUndo: boolean): string {
  const what =
    kind === 'fade'
      ? `new lifetimes, spread over the next ${formatDuration(overMs)}, and only where that is sooner`
      : 'UNLINK of exact names'
  const rate = maxRate === null ? '' : `, at most ${formatQuantity(maxRate, 'key')} per second`
  return `${what}${rate}; ${keepsUndo ? 'what stands there goes to an undo file first' : 'no undo file'}`
}
