import type { ClauseId, DrillReport } from './drill-report.js'
import { formatDuration, formatFactor } from './format.js'

/** What the first eight cells of a drill's row are; the ninth is its verdict. */
export const DRILL_COLUMNS: readonly string[] = [
  'drill',
  'p99',
  'worst',
  'waiting',
  'fallback',
  'detect',
  'recover',
  'source',
]

export const DRILL_WORDS = { pass: 'ok', fail: 'FAIL', inconclusive: 'skip' } as const

/** One drill in the cells of a table, without its verdict. p99 and worst are those of the fault. */
export function drillRow(drill: DrillReport): string[] {
  const during = drill.phases.find(({ name }) => name === 'during')
  const pending = drill.phases.reduce((sum, phase) => sum + phase.pending, 0)
  // `never` is a judgement, and only its clause can make it.
  const time = (ms: number | null | undefined, clause?: ClauseId) =>
    ms === undefined || (ms === null && !isJudged(drill, clause)) ? '-' : formatDuration(ms)
  return [
    drill.name,
    during?.p99Ms == null ? '-' : time(during.p99Ms),
    during?.worstMs == null ? '-' : time(during.worstMs),
    String(pending),
    time(drill.timeToFallbackMs, 'C3'),
    time(drill.timeToDetectMs, 'C10'),
    time(drill.timeToRecoverMs, 'C8'),
    formatFactor(drill.sourceLoadFactor),
  ]
}

function isJudged({ clauses }: DrillReport, clause: ClauseId | undefined): boolean {
  return clauses.some(({ id, result }) => id === clause && result !== 'not judged')
}
