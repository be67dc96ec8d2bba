import type { LoadOptions } from './options.js'
import { UsageError } from '../report/errors.js'
import { formatSlo } from './slo/format.js'
import { METRICS } from './slo/metrics.js'
import type { Metric } from './slo/metric.js'
import { metricsIn, type MetricReference, type Slo } from './slo/slo.js'
import { isPhase, phaseOf } from './slo/within.js'
import { none } from './none.js'
import { grouped } from './slo/value.js'
import { timeText } from './time-text.js'
import type { WindowName } from './window.js'

export interface LoadPlan extends Pick<
  LoadOptions,
  'fault' | 'ratePerSecond' | 'beforeMs' | 'duringMs' | 'afterMs' | 'transitionMs' | 'families' | 'limiter'
> {
  /** Asked over HTTP, so that nobody knows beforehand what is a read. */
  isApp: boolean
}

/** Beyond this one process cannot start them on time. */
const MAX_RATE = 20_000
const LONGEST_PHASE_MS = 600_000
/** Beyond this a test says no more, and takes somebody's machine for long. */
const MAX_OPERATIONS = 20_000_000

/** Throws UsageError for a plan that cannot be carried out, or under which an SLO could not be told. */
export function checkPlan(plan: LoadPlan, slos: readonly Slo[]): void {
  const { ratePerSecond } = plan
  if (ratePerSecond > MAX_RATE)
    throw new UsageError(
      'RATE_TOO_HIGH',
      `${grouped(ratePerSecond)} operations per second cannot be begun on time by one process; ${grouped(MAX_RATE)} can.`,
      [`--rate ${MAX_RATE}, several times at once, and cache load-test merge`],
    )
  const long = (['before', 'during', 'after'] as const).find((name) => plan[`${name}Ms`] > LONGEST_PHASE_MS)
  if (long)
    throw new UsageError(
      'PHASE_TOO_LONG',
      `\`${long}\` cannot last ${timeText(plan[`${long}Ms`])}; ${timeText(LONGEST_PHASE_MS)} is the most.`,
      [`--${long} 10m`],
    )
  const operations = (ratePerSecond * (plan.beforeMs + plan.duringMs + plan.afterMs)) / 1000
  if (operations > MAX_OPERATIONS)
    throw new UsageError(
      'TOO_MANY_OPERATIONS',
      `${grouped(ratePerSecond)} operations per second for that long are ${grouped(Math.round(operations))} operations; ${grouped(MAX_OPERATIONS)} are the most.`,
      ['a lower --rate or a shorter --during'],
    )
  if (plan.fault === none.name) for (const slo of slos) refuseWithoutFault(slo)
  for (const slo of slos) {
    const phase = metricsIn(slo.left)[0]?.phase
    if (slo.withinMs === null || phase === undefined || !isPhase(phase)) continue
    if (slo.withinMs <= plan[`${phase}Ms`]) continue
    throw new UsageError(
      'WITHIN_TOO_LONG',
      `The SLO '${formatSlo(slo)}' cannot be told: ${phase} lasts ${timeText(plan[`${phase}Ms`])}.`,
      [
        slo.withinMs <= LONGEST_PHASE_MS
          ? `--${phase} ${Math.ceil(slo.withinMs / 1000)}s`
          : 'a shorter within',
      ],
    )
  }
}

/** A moment, and a part of a phase, are counted from a fault: without one a whole run would be for nothing. */
function refuseWithoutFault(slo: Slo): void {
  const told = [...metricsIn(slo.left), ...metricsIn(slo.right)].find(
    ({ phase, metric }) => !isPhase(phase) || METRICS[metric].kind === 'moment',
  )
  if (told === undefined) return
  throw new UsageError(
    'SLO_WITHOUT_FAULT',
    `The SLO '${formatSlo(slo)}' cannot be told: without a fault there is no ${told.phase}.${told.metric}.`,
    ['--fault stall, or another one of --list'],
  )
}

/** What will not be judged for want of operations, told before anybody has waited for it. */
export function foresee(plan: LoadPlan, slos: readonly Slo[]): string[] {
  const warnings = slos.flatMap(({ left, right, withinMs }) => {
    const bySecond = withinMs === null ? [] : metricsIn(left)
    const whole = [...(withinMs === null ? metricsIn(left) : []), ...metricsIn(right)]
    return [
      ...bySecond.flatMap((each) => warningOf(plan, each, 1000) ?? []),
      ...whole.flatMap((each) => warningOf(plan, each, null) ?? []),
    ]
  })
  return [...new Set(warnings)]
}

/** @param secondMs of each second alone; null: of the whole window */
function warningOf(
  plan: LoadPlan,
  { phase, metric: name }: MetricReference,
  secondMs: number | null,
): string | null {
  const metric = METRICS[name]
  // What a moment needs is counted in `before`.
  const window = metric.kind === 'moment' ? 'before' : phase
  const seconds = (secondMs ?? durationMs(plan, window)) / 1000
  const share = shareOf(plan, metric.of)
  if (share === null) return null
  const expected = plan.ratePerSecond * seconds * share
  if (expected >= metric.needs) return null
  const per = secondMs === null ? '' : ' in each second'
  const longer = secondMs === null ? ` or a longer ${flagFor(window)}` : ''
  return `${phase}.${name} needs ${grouped(metric.needs)} ${metric.of}${per} and will have about ${grouped(Math.round(expected))}, so it will not be judged: a higher --rate${longer}`
}

/** Of all operations; null where nobody knows. */
function shareOf({ families, limiter, isApp }: LoadPlan, of: Metric['of']): number | null {
  if (of === 'operations') return 1
  if (isApp) return null
  const checks = limiter?.share ?? 0
  // A subject without a limiter is asked for keys instead; whether it has one is known only in its process.
  if (of === 'checks') return checks > 0 ? checks : null
  const total = families.reduce((sum, { weight }) => sum + weight, 0)
  const reads = families.reduce((sum, { weight, mix }) => {
    return sum + (weight * mix.read) / (mix.read + mix.put + mix.invalidate)
  }, 0)
  return (1 - checks) * (reads / total)
}

function durationMs(plan: LoadPlan, window: WindowName): number {
  const wholeMs = plan[`${phaseOf(window)}Ms`]
  const transitionMs = Math.min(plan.transitionMs, wholeMs / 2)
  switch (window) {
    case 'onset':
    case 'recovery':
      return transitionMs
    case 'settled':
    case 'recovered':
      return wholeMs - transitionMs
    default:
      return wholeMs
  }
}

function flagFor(window: WindowName): string {
  return window === 'onset' || window === 'recovery' ? '--transition' : `--${phaseOf(window)}`
}
