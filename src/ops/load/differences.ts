import type { LoadReport } from '../report/load-report.js'
import { grouped } from './slo/value.js'
import { timeText } from './time-text.js'

type Aspect = 'subject' | 'fault' | 'rate' | 'plan' | 'arrivals'

const PLAN = ['beforeMs', 'duringMs', 'afterMs'] as const

/** What each aspect of a run is, in words. */
const SAID: Record<Aspect, (report: LoadReport) => string> = {
  subject: ({ subject }) => subject,
  fault: ({ fault }) => fault,
  rate: ({ ratePerSecond }) => `${grouped(Number(ratePerSecond.toFixed(2)))}/s`,
  plan: ({ plan }) => PLAN.map((part) => timeText(plan[part])).join(' + '),
  arrivals: ({ arrivals = 'constant' }) => arrivals,
}

/** A phrase for each of these in which two runs are not alike, such as `fault: stall and refused`. */
export function differencesBetween(a: LoadReport, b: LoadReport, aspects: readonly Aspect[]): string[] {
  return aspects.flatMap((aspect) => {
    const [left, right] = [SAID[aspect](a), SAID[aspect](b)]
    return left === right ? [] : [`${aspect}: ${left} and ${right}`]
  })
}

/** What was asked, as a text that is the same for the same traffic; empty where the report does not tell. */
export function trafficOf({ traffic }: LoadReport): string {
  if (!traffic) return ''
  const parts = traffic.parts.map(
    ({ name, weight, keys }) => `${name} ${weight}${keys === undefined ? '' : ` over ${grouped(keys)} keys`}`,
  )
  return [...parts, `limiters ${Number((traffic.limiterShare * 100).toFixed(1))} %`].join(', ')
}
