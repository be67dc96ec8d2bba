import type { LoadMoments, LoadReport } from '../report/load-report.js'

/** Of the firsts the first, of the recovery the last, of the herd the worst; what was waited is added up. Null without a fault. */
export function mergedMoments(reports: readonly LoadReport[]): LoadMoments | null {
  const all = reports.flatMap(({ moments }) => moments ?? [])
  if (all.length === 0 || all.length < reports.length) return null
  const known = (pick: (moments: LoadMoments) => number | null) => all.flatMap((each) => pick(each) ?? [])
  const first = (pick: (moments: LoadMoments) => number | null) => {
    const values = known(pick)
    return values.length === 0 ? null : Math.min(...values)
  }
  // One that has not recovered, or does not know, speaks for all.
  const last = (pick: (moments: LoadMoments) => number | null) => {
    const values = known(pick)
    return values.length < all.length ? null : Math.max(...values)
  }
  const detectedMs = first((each) => each.detectedMs)
  const waited = known((each) => each.waitedSeconds)
  return {
    firstSlowMs: first((each) => each.firstSlowMs),
    slowMs: last((each) => each.slowMs),
    fallbackMs: first((each) => each.fallbackMs),
    detectedMs,
    sign: detectedMs === null ? null : (all.find((each) => each.detectedMs === detectedMs)?.sign ?? null),
    recoveredMs: last((each) => each.recoveredMs),
    herdFactor: last((each) => each.herdFactor),
    waitedSeconds: waited.length < all.length ? null : waited.reduce((sum, each) => sum + each, 0),
  }
}
