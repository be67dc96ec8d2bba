import type { LoadSecond } from '../../load-report.js'

/** More cannot be told apart on a page, and nobody reads them in a table. */
const MOST = 120

/** Seconds as a page has room for them: of several the worst, or their sum, and never two phases in one. */
export function folded(timeline: readonly LoadSecond[]): LoadSecond[] {
  const perStep = Math.ceil(timeline.length / MOST)
  if (perStep <= 1) return [...timeline]
  const groups: LoadSecond[][] = []
  for (const second of timeline) {
    const last = groups.at(-1)
    if (last && last.length < perStep && last[0]?.phase === second.phase) last.push(second)
    else groups.push([second])
  }
  return groups.map(foldedOne)
}

function foldedOne(seconds: readonly LoadSecond[]): LoadSecond {
  const sum = (pick: (second: LoadSecond) => number) => seconds.reduce((all, second) => all + pick(second), 0)
  const of = (pick: (second: LoadSecond) => number | null, fold: (...values: number[]) => number) => {
    const values = seconds.map(pick).filter((value) => value !== null)
    return values.length === 0 ? null : fold(...values)
  }
  return {
    phase: seconds[0]!.phase,
    atMs: seconds[0]!.atMs,
    durationMs: sum(({ durationMs }) => durationMs),
    sent: sum(({ sent }) => sent),
    errors: sum(({ errors }) => errors),
    pending: sum(({ pending }) => pending),
    denied: sum(({ denied }) => denied),
    p99Ms: of(({ p99Ms }) => p99Ms, Math.max),
    hitRatio: of(({ hitRatio }) => hitRatio, Math.min),
    fallbackRatio: of(({ fallbackRatio }) => fallbackRatio, Math.max),
    sourcePerSecond: of(({ sourcePerSecond }) => sourcePerSecond, Math.max) ?? 0,
    rssBytes: of(({ rssBytes = null }) => rssBytes, Math.max),
  }
}
