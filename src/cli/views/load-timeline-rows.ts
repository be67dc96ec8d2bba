import type { LoadReport, LoadSecond } from '../../ops/report/load-report.js'
import { formatCount, formatDuration, formatShare } from '../../ops/report/format.js'

export interface TimelineRow {
  label: string
  /** Of one second; Infinity for endless, null for unknown. */
  value(second: LoadSecond): number | null
  worst(...values: number[]): number
  show(value: number): string
  /** In ASCII, where the unit stands beside the label. */
  unit: string
  inUnit(value: number): string
}

const perSecond = (count: number, { durationMs }: LoadSecond) =>
  durationMs > 0 ? (count * 1000) / durationMs : 0
const percent = (ratio: number) => formatShare(ratio).replace(' %', '')
const rate = { worst: Math.max, show: formatCount, unit: '/s', inUnit: formatCount }
const ratio = { show: formatShare, unit: '%', inUnit: percent }

const SENT: TimelineRow = { ...rate, label: 'sent', value: (each) => perSecond(each.sent, each) }
const P99: TimelineRow = {
  label: 'p99',
  // Endless, where operations went unanswered.
  value: ({ sent, p99Ms }) => (sent === 0 ? null : (p99Ms ?? Infinity)),
  worst: Math.max,
  show: formatDuration,
  unit: 'ms',
  inUnit: (ms) => (ms < 10 ? String(Number(ms.toFixed(1))) : formatCount(ms)),
}
const ERRORS: TimelineRow = { ...rate, label: 'errors', value: (each) => perSecond(each.errors, each) }
const DENIED: TimelineRow = { ...rate, label: '429', value: (each) => perSecond(each.denied, each) }
const FALLBACK: TimelineRow = {
  ...ratio,
  label: 'fallback',
  value: ({ fallbackRatio }) => fallbackRatio,
  worst: Math.max,
}
const HIT: TimelineRow = { ...ratio, label: 'hit', value: ({ hitRatio }) => hitRatio, worst: Math.min }
const DATABASE: TimelineRow = {
  ...rate,
  label: 'db q/s',
  unit: '',
  value: ({ sourcePerSecond }) => sourcePerSecond,
}

/** Those that say something: what never happened, and what nobody could see, has no line. */
export function rowsOf(report: LoadReport): TimelineRow[] {
  const { timeline, phases, arrivals = 'constant', merged, interrupted } = report
  const some = (pick: (second: LoadSecond) => number | null) => timeline.some((each) => (pick(each) ?? 0) > 0)
  // Nobody knows how long what an interruption cut off would have taken, and what is of several generators is not added up.
  const isKnown = interrupted !== true && merged === undefined
  const p99 = isKnown ? P99 : { ...P99, value: (each: LoadSecond) => each.p99Ms }
  return [
    ...(arrivals === 'constant' ? [] : [SENT]),
    ...(isKnown || timeline.some(({ p99Ms }) => p99Ms !== null) ? [p99] : []),
    ...(some(({ errors }) => errors) ? [ERRORS] : []),
    ...(some(({ denied }) => denied) ? [DENIED] : []),
    ...(some(({ fallbackRatio }) => fallbackRatio) ? [FALLBACK] : []),
    ...(timeline.some(({ hitRatio }) => hitRatio !== null) ? [HIT] : []),
    ...(phases.some(({ loads }) => loads !== null) ? [DATABASE] : []),
  ]
}
