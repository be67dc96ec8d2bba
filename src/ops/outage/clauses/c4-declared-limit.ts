import type { CheckRecord, LimiterDeclaration } from '../../experiment/limiting.js'
import { busiestWindow, byIdentifier } from '../limits.js'
import type { Clause } from './clause.js'
import { doubtAboutLimit } from './limiter-doubt.js'
import { findingOf } from './limiter-finding.js'
import { answersFor, duration, quantity } from './wording.js'

const answers = answersFor('C4', 'the limiter does what it declares')

/**
 * What a limiter counts stays within its limit, in every window. What it cannot count it decides by its declared policy,
 * and says so; and after the heal it counts again.
 *
 * Under a fault that loses the data its counts are lost too, and no limiter could keep its limit: what it broke besides
 * fails, and without that the clause is not judged.
 */
export const declaredLimit: Clause = {
  id: 'C4',
  title: 'the limiter does what it declares',
  judge(measurement, budgets) {
    const { limiting, limiterAlone, faultAtMs, healAtMs } = measurement
    if (limiting === undefined)
      return answers.notJudged(limiterAlone?.undeclared ?? 'the subject has no limiter')
    const duringFault = limiting.checks.filter(({ startMs }) => startMs >= faultAtMs && startMs < healAtMs)
    if (duringFault.length === 0) return answers.notJudged('no limiter was asked during the fault')

    const judged = limiting.limiters.map((limiter) => {
      const checks = limiting.checks.filter((each) => each.limiter === limiter.name)
      const [eager = [], ...others] = byIdentifier(checks)
      const most = Math.max(...[eager, ...others].map((each) => busiestWindow(each, limiter).most))
      return {
        finding: findingOf(limiter, checks, measurement, budgets),
        busiest: { most },
        againstPolicy: letThrough(limiter, checks),
        doubt: doubtAboutLimit(limiter, eager, measurement),
      }
    })
    const leftToPolicy = duringFault.filter(({ counted }) => !counted).length
    const numbers = {
      checks: limiting.checks.length,
      checksDuringFault: duringFault.length,
      leftToPolicy,
      /** More than the limit in one window, and what a limiter that is closed let through without counting. */
      overAdmitted: judged.reduce((sum, { busiest }, index) => {
        return (
          sum +
          Math.max(0, busiest.most - (limiting.limiters[index]?.limit ?? 0)) +
          (judged[index]?.againstPolicy ?? 0)
        )
      }, 0),
    }
    const finding = judged.find((each) => each.finding !== null)?.finding
    if (finding) return answers.fail(finding, numbers)
    const doubt = judged.find((each) => each.doubt !== null)?.doubt
    if (doubt) return answers.notJudged(doubt, numbers)
    const each = limiting.limiters.map((limiter, index) => {
      const most = judged[index]?.busiest.most
      return `${limiter.name} (${limiter.onUnavailable}) counted at most ${most} of ${limiter.limit} in ${duration(limiter.windowMs)}`
    })
    if (measurement.dataLost) {
      return answers.notJudged(
        `a limiter cannot find its counts in this fault, so how many it admits then is not judged (${each.join(', ')}); kept: the limit before and after, an answer in time, the policy where it could not count`,
        numbers,
      )
    }
    return answers.pass(
      `${each.join(', ')}, so 0 over-admissions; ${leftToPolicy} of ${quantity(duringFault.length, 'check')} in the fault left to the policy, and said`,
      numbers,
    )
  },
}

/** Requests that a limiter which is to be closed allowed although it could not count them. */
function letThrough({ onUnavailable }: LimiterDeclaration, checks: readonly CheckRecord[]): number {
  if (onUnavailable === 'allow') return 0
  return checks.filter(({ counted, allowed }) => !counted && allowed === true).length
}
