import type { DrillReport } from '../../drill-report.js'
import type { DrillSeries } from '../../drill-series.js'
import { formatCount, formatDuration, formatQuantity, formatShare } from '../../format.js'
import type { Chart } from '../chart.js'
import { memoryChart, sourceChart } from './shared-charts.js'
import { inPhases, lengthsOf, perSecond, total, typical, worst, type Steps } from './steps.js'

/** What callers waited and got, what limiters said, what the source was asked, and what the process held, over time. */
export function drillCharts(drill: DrillReport): Chart[] {
  const { series, name } = drill
  if (!series || series.atMs.length === 0) return []
  const { atMs, endMs, faultAtMs, healAtMs } = series
  const steps: Steps = { atMs, endMs, fault: { fromMs: faultAtMs, toMs: healAtMs, name } }
  return [
    latencyOf(drill, series, steps),
    answersOf(series, steps),
    ...limiterOf(series, steps),
    ...sourceOf(series, steps),
    ...memoryChart(series.rssBytes, steps),
    ...socketsOf(series, steps),
  ]
}

function latencyOf({ clauses }: DrillReport, series: DrillSeries, steps: Steps): Chart {
  const { p50Ms, worstMs, pending } = series
  const numbers = clauses.find(({ id }) => id === 'C3')?.numbers ?? {}
  const budget = (name: string, key: string) => {
    const value = numbers[key]
    return value === null || value === undefined ? [] : [{ name, value }]
  }
  const slowest = worst(worstMs)
  const at = worstMs.indexOf(slowest)
  const when = at === -1 ? '' : `, due ${fromFault((steps.atMs[at] ?? 0) - series.faultAtMs)}`
  const lost = total(pending)
  return {
    ...steps,
    title: 'Latency',
    says: [
      `Half of the calls took ${inPhases(p50Ms, steps, typical, 'time')} or less.`,
      ...(slowest === null ? [] : [`The slowest answer took ${formatDuration(slowest)}${when}.`]),
      lost === 0 ? 'Every call was answered.' : `${formatQuantity(lost, 'call')} never got an answer.`,
    ].join(' '),
    unit: 'time',
    kind: 'lines',
    curves: [
      { name: 'p50', values: p50Ms, look: 'main' },
      { name: 'worst', values: worstMs, look: 'second' },
    ],
    limits: [...budget('budget p99', 'p99BudgetMs'), ...budget('budget worst', 'worstBudgetMs')],
    unanswered: pending,
  }
}

function fromFault(ms: number): string {
  if (ms === 0) return 'when the fault began'
  return ms < 0 ? `${formatDuration(-ms)} before the fault` : `${formatDuration(ms)} after the fault began`
}

function answersOf({ hits, fallbacks, late, errors, pending }: DrillSeries, steps: Steps): Chart {
  const lengthsMs = lengthsOf(steps)
  const reads = hits.map((hit, step) => hit + (fallbacks[step] ?? 0))
  const shares = hits.map((hit, step) => (reads[step] === 0 ? null : hit / reads[step]!))
  const bad = [
    total(errors) === 0 ? 'No call threw' : `${formatQuantity(total(errors), 'call')} threw`,
    ...(total(late) === 0 ? [] : [`${formatCount(total(late))} were answered too late to be waited for`]),
    total(pending) === 0 ? 'none was left waiting' : `${formatCount(total(pending))} never got an answer`,
  ]
  return {
    ...steps,
    title: 'Answers',
    says: `Of the reads that were answered in time the cache answered ${inPhases(shares, steps, typical, 'share')}. ${bad.join(', ')}.`,
    unit: 'perSecond',
    kind: 'stack',
    curves: [
      { name: 'hits', values: perSecond(hits, lengthsMs), look: 'good' },
      { name: 'fallbacks', values: perSecond(fallbacks, lengthsMs), look: 'care' },
      { name: 'too late', values: perSecond(late, lengthsMs), look: 'calm' },
      { name: 'errors', values: perSecond(errors, lengthsMs), look: 'bad' },
      { name: 'no answer', values: perSecond(pending, lengthsMs), look: 'lost' },
    ],
    limits: [],
  }
}

function limiterOf({ checks }: DrillSeries, steps: Steps): Chart[] {
  if (!checks) return []
  const { allowed, denied, uncounted } = checks
  const all = total(allowed) + total(denied) + total(uncounted)
  if (all === 0) return []
  const lengthsMs = lengthsOf(steps)
  return [
    {
      ...steps,
      title: 'Limiter',
      says: `Of ${formatQuantity(all, 'check')} ${formatShare(total(allowed) / all)} were allowed and ${formatShare(total(denied) / all)} denied by the count; ${formatShare(total(uncounted) / all)} the declared policy decided, without a count.`,
      unit: 'perSecond',
      kind: 'stack',
      curves: [
        { name: 'allowed', values: perSecond(allowed, lengthsMs), look: 'good' },
        { name: 'denied', values: perSecond(denied, lengthsMs), look: 'calm' },
        { name: 'uncounted', values: perSecond(uncounted, lengthsMs), look: 'care' },
      ],
      limits: [],
    },
  ]
}

function sourceOf({ sourcePerSecond }: DrillSeries, steps: Steps): Chart[] {
  if (!sourcePerSecond) return []
  return [sourceChart(sourcePerSecond, steps)]
}

function socketsOf({ sockets, inFlight }: DrillSeries, steps: Steps): Chart[] {
  if (worst(sockets) === null && worst(inFlight) === null) return []
  return [
    {
      ...steps,
      title: 'Calls under way, and sockets',
      says: `Under way at once were ${inPhases(inFlight, steps, worst, 'count')} calls at most; open sockets ${inPhases(sockets, steps, worst, 'count')}.`,
      unit: 'count',
      kind: 'lines',
      curves: [
        { name: 'calls', values: inFlight, look: 'main' },
        { name: 'sockets', values: sockets, look: 'second' },
      ],
      limits: [],
    },
  ]
}
