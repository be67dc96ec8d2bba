import type { LoadReport, LoadSecond } from '../../load-report.js'
import { formatQuantity } from '../../format.js'
import type { Chart } from '../chart.js'
import { folded } from './fold-seconds.js'
import { memoryChart, sourceChart } from './shared-charts.js'
import { inPhases, perSecond, total, worst, type Steps } from './steps.js'

/** What users saw and what the source was asked, second by second; of a long test the worst of several seconds each. */
export function loadCharts(report: LoadReport): Chart[] {
  const seconds = folded(report.timeline)
  if (seconds.length === 0) return []
  const steps = stepsOf(seconds, report.fault)
  return [
    latencyOf(seconds, steps, report),
    ...answersOf(seconds, steps),
    ...fallbacksOf(seconds, steps),
    ...sourceOf(seconds, steps, report),
    ...memoryChart(
      seconds.map(({ rssBytes = null }) => rssBytes),
      steps,
    ),
  ]
}

/** When the fault began and ended is told by the phases of the seconds. */
export function stepsOf(seconds: readonly LoadSecond[], fault: string): Steps {
  const last = seconds.at(-1)
  const atMs = seconds.map((second) => second.atMs)
  const endMs = (last?.atMs ?? 0) + (last?.durationMs ?? 0)
  const from = seconds.find(({ phase }) => phase === 'during')
  const to = seconds.find(({ phase }) => phase === 'after')
  if (fault === 'none' || !from) return { atMs, endMs }
  return { atMs, endMs, fault: { fromMs: from.atMs, toMs: to?.atMs ?? endMs, name: fault } }
}

function latencyOf(seconds: readonly LoadSecond[], steps: Steps, report: LoadReport): Chart {
  const p99 = seconds.map(({ p99Ms }) => p99Ms)
  const pending = seconds.map((second) => second.pending)
  const lost = total(pending)
  const unanswered = report.interrupted
    ? `${formatQuantity(lost, 'call')} were under way when the run was stopped.`
    : `${formatQuantity(lost, 'call')} never got an answer.`
  return {
    ...steps,
    title: 'Latency',
    says: `In the worst second 99 of 100 calls took ${inPhases(p99, steps, worst, 'time')} or less. ${lost === 0 ? 'Every call was answered.' : unanswered}`,
    unit: 'time',
    kind: 'lines',
    curves: [{ name: 'p99', values: p99, look: 'main' }],
    limits: report.slos.flatMap(({ slo, limit }) =>
      limit !== null && /^during\.(p99|max)\b/.test(slo) ? [{ name: slo.split(' ')[0]!, value: limit }] : [],
    ),
    unanswered: pending,
  }
}

function answersOf(seconds: readonly LoadSecond[], steps: Steps): Chart[] {
  // A second is as long as it was measured; where reports were merged the next one may begin a little earlier or later.
  const lengthsMs = seconds.map(({ durationMs }) => durationMs)
  const of = (pick: (second: LoadSecond) => number) => perSecond(seconds.map(pick), lengthsMs)
  const sum = (pick: (second: LoadSecond) => number) => total(seconds.map(pick))
  const told = [
    [sum(({ errors }) => errors), 'ended in an error'],
    [sum(({ denied }) => denied), 'were turned away'],
    [sum(({ pending }) => pending), 'never got an answer'],
  ] as const
  const bad = told
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${formatQuantity(count, 'call')} ${what}`)
  return [
    {
      ...steps,
      title: 'Answers',
      says: `Of ${formatQuantity(
        sum(({ sent }) => sent),
        'call',
      )} ${bad.length === 0 ? 'all were answered as they should be' : bad.join(', ')}.`,
      unit: 'perSecond',
      kind: 'stack',
      curves: [
        {
          name: 'answered',
          values: of(({ sent, errors, denied, pending }) => Math.max(0, sent - errors - denied - pending)),
          look: 'good',
        },
        { name: 'turned away', values: of(({ denied }) => denied), look: 'calm' },
        { name: 'errors', values: of(({ errors }) => errors), look: 'bad' },
        { name: 'no answer', values: of(({ pending }) => pending), look: 'lost' },
      ],
      limits: [],
    },
  ]
}

function fallbacksOf(seconds: readonly LoadSecond[], steps: Steps): Chart[] {
  const hits = seconds.map(({ hitRatio }) => hitRatio)
  const fallbacks = seconds.map(({ fallbackRatio }) => fallbackRatio)
  if (worst(hits) === null && worst(fallbacks) === null) return []
  const least = (values: readonly (number | null)[]) => {
    const most = worst(values.map((value) => (value === null ? null : -value)))
    return most === null ? null : -most
  }
  return [
    {
      ...steps,
      title: 'Hits and fallbacks',
      says: `Of the reads the cache answered, in the worst second, ${inPhases(hits, steps, least, 'share')}; the source in its place ${inPhases(fallbacks, steps, worst, 'share')} at most.`,
      unit: 'share',
      kind: 'lines',
      curves: [
        { name: 'hits', values: hits, look: 'main' },
        { name: 'fallbacks', values: fallbacks, look: 'second' },
      ],
      limits: [],
    },
  ]
}

function sourceOf(seconds: readonly LoadSecond[], steps: Steps, { phases }: LoadReport): Chart[] {
  if (phases.every(({ loads }) => loads === null)) return []
  const values = seconds.map(({ sourcePerSecond }) => sourcePerSecond)
  return [sourceChart(values, steps)]
}
