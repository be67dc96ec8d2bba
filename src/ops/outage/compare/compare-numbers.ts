import { rounded } from '../../experiment/rounded.js'
import type { ComparedNumber } from '../../report/drill-compare-report.js'
import type { ClauseId, DrillReport, PhaseSummary } from '../../report/drill-report.js'
import type { ComparedValue } from '../../report/load-compare-report.js'

const OF_PHASE: readonly [
  metric: string,
  unit: ComparedNumber['unit'],
  pick: (phase: PhaseSummary) => number | null,
][] = [
  ['p50', 'time', ({ p50Ms }) => p50Ms],
  ['p99', 'time', ({ p99Ms }) => p99Ms],
  ['worst', 'time', ({ worstMs }) => worstMs],
  ['errors', 'count', ({ errors }) => errors],
  ['pending', 'count', ({ pending }) => pending],
  ['hit ratio', 'share', ({ hitRatio }) => hitRatio],
  ['source', 'perSecond', ({ sourcePerSecond }) => sourcePerSecond],
]

const OF_DRILL: readonly [
  metric: string,
  unit: ComparedNumber['unit'],
  pick: (drill: DrillReport) => ComparedValue,
][] = [
  ['fallback', 'time', (drill) => timeOf(drill, 'C3', drill.timeToFallbackMs)],
  ['computed fallback', 'time', ({ computedFallback: by }) => (by ? (by.worstMs ?? 'never') : null)],
  ['detect', 'time', (drill) => timeOf(drill, 'C10', drill.timeToDetectMs)],
  ['recover', 'time', (drill) => timeOf(drill, 'C8', drill.timeToRecoverMs)],
  ['source load', 'factor', ({ sourceLoadFactor }) => sourceLoadFactor],
]

/** Every number that both drills have, phase by phase, and those of the drill. */
export function comparedNumbers(a: DrillReport, b: DrillReport): ComparedNumber[] {
  const ofPhases = (['before', 'during', 'after'] as const).flatMap((where) => {
    const [left, right] = [a, b].map(({ phases }) => phases.find(({ name }) => name === where))
    if (!left || !right) return []
    return OF_PHASE.map(([metric, unit, pick]) => numberOf({ where, metric, unit }, pick(left), pick(right)))
  })
  const ofDrill = OF_DRILL.map(([metric, unit, pick]) =>
    numberOf({ where: 'drill', metric, unit }, pick(a), pick(b)),
  )
  return rounded([...ofPhases, ...ofDrill].filter(({ a: left, b: right }) => left !== null || right !== null))
}

function numberOf(
  what: Pick<ComparedNumber, 'where' | 'metric' | 'unit'>,
  a: ComparedValue,
  b: ComparedValue,
): ComparedNumber {
  const difference = typeof a === 'number' && typeof b === 'number' ? b - a : null
  return { ...what, a, b, difference }
}

/** `never` is a judgement, and only its clause can make it. */
function timeOf({ clauses }: DrillReport, clause: ClauseId, ms: number | null): ComparedValue {
  if (ms !== null) return ms
  return clauses.some(({ id, result }) => id === clause && result !== 'not judged') ? 'never' : null
}
