import { UsageError } from '../report/errors.js'
import { formatSlo } from './slo/format.js'
import { METRICS } from './slo/metrics.js'
import { metricsIn, type Slo } from './slo/slo.js'
import { isPhase, phaseOf } from './slo/within.js'
import { grouped } from './slo/value.js'
import { timeText } from './time-text.js'
import type { WindowName } from './window.js'

export interface LoadPlan {
  ratePerSecond: number
  beforeMs: number
  duringMs: number
  afterMs: number
}

/** What a run keeps in memory grows with its operations; past this it would say more about us than about the subject. */
const MAX_OPERATIONS = 300_000
/** The most that `--before`, `--during` and `--after` take. */
const LONGEST_PHASE_MS = 600_000
/** In which a SLO asks for reads; of the traffic nine in ten are. */
const READ_SHARE = 0.9

/** Throws UsageError for a plan that cannot be carried out, or under which an SLO could not be told. */
export function checkPlan(plan: LoadPlan, slos: readonly Slo[]): void {
  const operations = (plan.ratePerSecond * (plan.beforeMs + plan.duringMs + plan.afterMs)) / 1000
  if (operations > MAX_OPERATIONS) {
    throw new UsageError(
      'TOO_MANY_OPERATIONS',
      `${plan.ratePerSecond} operations per second for that long are ${grouped(Math.round(operations))} operations; at most ${grouped(MAX_OPERATIONS)} are recorded.`,
      ['a lower --rate or a shorter --during'],
    )
  }
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

/** What will not be judged for want of operations, told before anybody has waited for it. */
export function foresee(plan: LoadPlan, slos: readonly Slo[]): string[] {
  const warnings = slos.flatMap((slo) => {
    const bySecond = slo.withinMs === null ? [] : metricsIn(slo.left).map((each) => ({ ...each, seconds: 1 }))
    const whole = [...(slo.withinMs === null ? metricsIn(slo.left) : []), ...metricsIn(slo.right)].map(
      (each) => ({
        ...each,
        seconds: durationOf(plan, each.phase) / 1000,
      }),
    )
    return [...bySecond, ...whole].flatMap(({ phase, metric, seconds }) => {
      const { needs, of } = METRICS[metric]
      const expected = plan.ratePerSecond * seconds * (of === 'reads' ? READ_SHARE : 1)
      if (expected >= needs) return []
      const per = slo.withinMs === null || seconds !== 1 ? '' : ' in each second'
      return [
        `${phase}.${metric} needs ${grouped(needs)} ${of}${per} and will have about ${grouped(Math.round(expected))}, so it will not be judged: a higher --rate${per ? '' : ` or a longer --${phase}`}`,
      ]
    })
  })
  return [...new Set(warnings)]
}

/** Of a part of a phase the whole, which warns too seldom. */
function durationOf(plan: LoadPlan, name: WindowName): number {
  return plan[`${phaseOf(name)}Ms`]
}
