import type { ComparedUnit } from '../report/load-compare-report.js'
import { quantileEstimate, rateEstimate, seenOnce, shareEstimate, type Estimate } from './noise.js'
import type { SavedWindow } from './saved-report.js'
import { samplesFor } from './slo/samples.js'
import { grouped } from './slo/value.js'
import { scatterBeyond, scatterOfEach, type Counts, type Stretches } from './stretches.js'

/** One number of a window that is compared. */
export interface Measure {
  metric: string
  unit: ComparedUnit
  /** What is good of it; `neither`: more of it may be the one or the other. */
  good: 'less' | 'more' | 'neither'
  /** By less than this it is not worse, whatever the factor; null: what `--allow` says of times. */
  floor: number | null
  estimate(window: SavedWindow, stretches: Stretches): Estimate | string
}

/** Unknown of a window in which too little happened. */
const FEW = 50

function percentile(metric: string, share: number): Measure {
  const needs = samplesFor(share)
  return {
    metric,
    unit: 'time',
    good: 'less',
    floor: null,
    estimate: (window, stretches) =>
      quantileEstimate(window, share, (ms) => scatterBeyond(stretches, ms)) ??
      `needs ${grouped(needs)} operations, there were ${grouped(window.phase.sent)}`,
  }
}

function share(
  metric: string,
  good: Measure['good'],
  floor: number,
  of: (counts: Counts) => [count: number, total: number],
): Measure {
  return {
    metric,
    unit: 'share',
    good,
    floor,
    estimate: ({ phase }, stretches) => {
      const scatter = scatterOfEach(stretches, 'share', (seen) => {
        const [count, total] = of(seen)
        return { count, of: total }
      })
      return shareEstimate(...of(phase), scatter) ?? 'nothing of it was seen'
    },
  }
}

/** What one run says once: no interval can be had, so the allowance and the floor alone decide. */
function perOperation(
  metric: string,
  unit: ComparedUnit,
  floor: number,
  of: (window: SavedWindow['phase']) => number | null,
): Measure {
  return {
    metric,
    unit,
    good: 'less',
    floor,
    estimate: ({ phase }) => {
      const total = of(phase)
      if (total === null) return 'nobody saw its processes'
      return phase.sent < FEW ? `needs ${FEW} operations, there were ${phase.sent}` : seenOnce(total)
    },
  }
}

/** Two points of a hundred: less is nothing that a database would feel. */
const POINTS = 0.02
const MIB = 1024 * 1024

/** The most important first. */
export const MEASURES: readonly Measure[] = [
  share('errors', 'less', 0, ({ errors, sent }) => [errors, sent]),
  share('pending', 'less', 0, ({ pending, sent }) => [pending, sent]),
  percentile('p95', 0.95),
  percentile('p99', 0.99),
  percentile('p50', 0.5),
  percentile('p90', 0.9),
  percentile('p99.9', 0.999),
  {
    metric: 'max',
    unit: 'time',
    good: 'neither',
    floor: null,
    estimate: () => 'one operation proves nothing',
  },
  {
    metric: 'database',
    unit: 'perSecond',
    good: 'less',
    floor: 1,
    estimate: ({ phase: { loads, durationMs } }, stretches) => {
      const scatter = scatterOfEach(stretches, 'rate', (seen) =>
        seen.loads === null ? null : { count: seen.loads, of: seen.durationMs },
      )
      const estimate = loads === null ? null : rateEstimate(loads, durationMs, scatter)
      return estimate ?? 'nobody counted the reads of the database'
    },
  },
  share('hit', 'more', POINTS, ({ hits, reads, hitRatio }) => [hits, hitRatio === null ? 0 : reads]),
  share('fallback', 'neither', POINTS, ({ fallbacks, reads, fallbackRatio }) => [
    fallbacks,
    fallbackRatio === null ? 0 : reads,
  ]),
  share('429', 'neither', 0.005, ({ denied, sent }) => [denied, sent]),
  share('over-admitted', 'less', 0, ({ overAdmitted, checks }) => [overAdmitted, checks]),
  // A process that has just begun still compiles: less than that is no difference between caches.
  perOperation('cpu/op', 'time', 0.1, ({ cpuMs, sent }) => (cpuMs === null ? null : cpuMs / sent)),
  perOperation('log/op', 'bytes', 64, ({ printedBytes, sent }) =>
    printedBytes === null ? null : printedBytes / sent,
  ),
  perOperation('rss', 'bytes', 32 * MIB, ({ rssMaxBytes }) => rssMaxBytes),
]

/** The slowest answer, which is shown although it proves nothing; Infinity where one never came. */
export function slowest({ phase, latency }: SavedWindow): number | null {
  if (phase.pending > 0) return Infinity
  return latency.count === 0 ? null : latency.maxMs
}
