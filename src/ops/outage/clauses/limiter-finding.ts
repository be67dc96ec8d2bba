import type { CheckRecord, LimiterDeclaration } from '../../experiment/limiting.js'
import type { Measurement } from '../../experiment/measurement.js'
import type { ClauseResult } from '../../report/drill-report.js'
import { isBurst } from '../../experiment/identifiers.js'
import { busiestWindow, byIdentifier } from '../limits.js'
import { adviceFor } from './client-advice.js'
import type { Budgets } from './clause.js'
import { deniedWithinLimit } from './denied-within-limit.js'
import { duration, quantity } from './wording.js'

type Finding = NonNullable<ClauseResult['finding']>

/** What a limiter broke of what it declared, the gravest first; null when it kept everything that can be told. */
export function findingOf(
  limiter: LimiterDeclaration,
  checks: readonly CheckRecord[],
  measurement: Measurement,
  budgets: Budgets,
): Finding | null {
  return (
    answered(limiter, checks, budgets, measurement) ??
    withinLimit(limiter, checks, measurement) ??
    policyKept(limiter, checks) ??
    countsAgain(limiter, checks, measurement, budgets) ??
    deniedWithinLimit(limiter, checks, measurement, budgets)
  )
}

function answered(
  { name }: LimiterDeclaration,
  checks: readonly CheckRecord[],
  { worstMs }: Budgets,
  measurement: Measurement,
) {
  const thrown = checks.filter(({ error }) => error !== null)
  if (thrown[0]) {
    return {
      happened: `${thrown.length} of ${quantity(checks.length, 'check')} of the limiter ${name} threw at their caller: ${thrown[0].error}.`,
      cause: 'an error of the backend gets through the limiter to the code that asked',
      change: 'catch around every check, and answer what the declared policy says',
    }
  }
  const late = checks.filter(({ startMs, endMs }) => endMs === null || endMs - startMs > worstMs)
  if (late.length === 0) return null
  const never = late.filter(({ endMs }) => endMs === null).length
  return {
    happened: `${late.length} of ${quantity(checks.length, 'check')} of the limiter ${name} were neither allowed nor denied within ${duration(worstMs)}${never > 0 ? `, ${never} of them never` : ''}.`,
    cause:
      'the limiter waits for its backend as long as the client does, and a policy that nobody gets to is none',
    change: adviceFor(measurement).check,
  }
}

function withinLimit(limiter: LimiterDeclaration, checks: readonly CheckRecord[], measurement: Measurement) {
  const { faultAtMs, healAtMs } = measurement
  const { name, limit, windowMs, onUnavailable } = limiter
  const over = countable(checks, measurement)
    .flatMap(byIdentifier)
    .map((stretch) => ({ ...busiestWindow(stretch, limiter), isBurst: isBurst(stretch[0]?.identifier) }))
    .find(({ most }) => most > limit)
  if (!over) return null
  const { most, fromMs } = over
  if (over.isBurst) return twoWindows(limiter, most)
  const inFault = fromMs >= faultAtMs - windowMs && fromMs < healAtMs
  const phase = fromMs < faultAtMs - windowMs ? 'before' : inFault ? 'during' : 'after'
  return {
    happened: `The limiter ${name} allowed ${most} requests within ${duration(windowMs)} in \`${phase}\`, although its limit is ${limit}: ${most - limit} too many, and told nobody.`,
    cause: inFault
      ? 'when a check fails it is taken for one that was allowed, so that caller, metric and log see a limiter at work'
      : 'requests are not counted where they are decided, or what was counted is lost',
    change: inFault
      ? `tell the two apart: the declared policy is '${onUnavailable}', and each decision that it makes carries its reason and a count of its own`
      : 'count and decide in one script on the server, by the server’s clock',
  }
}

/** Of somebody new, who asked in two bursts, and of nobody else. */
function twoWindows({ name, limit, windowMs }: LimiterDeclaration, most: number) {
  return {
    happened: `The limiter ${name} allowed ${most} requests within ${duration(windowMs)}, although its limit is ${limit}: a burst late in one window, and another right after it.`,
    cause:
      'what is counted begins anew with each window, or is estimated from the window before, so that the end of one and the beginning of the next allow more than the limit together',
    change:
      'count in a window that slides: in ten slots, say, of which the oldest counts whole; or declare what it keeps, which is twice as much',
  }
}

function policyKept({ name, onUnavailable }: LimiterDeclaration, checks: readonly CheckRecord[]) {
  const left = checks.filter(({ counted, error, endMs }) => !counted && error === null && endMs !== null)
  const against = left.filter(({ allowed }) => allowed !== (onUnavailable === 'allow'))
  if (against.length === 0) return null
  return {
    happened: `The limiter ${name} is declared '${onUnavailable}', but ${against[0]?.allowed ? 'allowed' : 'denied'} ${against.length} of ${quantity(left.length, 'request')} that it could not count.`,
    cause: 'some path of failure has an answer of its own, such as a timeout that counts as allowed',
    change: 'one place where a check that was not counted becomes a decision, for every kind of failure',
  }
}

function countsAgain(
  { name, windowMs }: LimiterDeclaration,
  checks: readonly CheckRecord[],
  { healAtMs, endMs }: Measurement,
  { recoverMs, hitRatioShare }: Budgets,
) {
  const sinceMs = healAtMs + recoverMs
  const since = checks.filter(({ startMs, identifier }) => startMs >= sinceMs && identifier === undefined)
  // Shorter than what a window may take to empty, nothing can be said.
  if (endMs - sinceMs < 1.2 * windowMs || since.length === 0) return null
  const counted = since.filter(({ counted }) => counted)
  if (counted.length < hitRatioShare * since.length) {
    return {
      happened: `From ${duration(recoverMs)} after the heal on, the limiter ${name} still left ${since.length - counted.length} of ${quantity(since.length, 'check')} to its policy.`,
      cause: 'the connection was given up, or is tried again too rarely',
      change:
        'never stop reconnecting, cap the delay at 250 ms, and probe in the background as soon as the connection is there',
    }
  }
  if (counted.some(({ allowed }) => allowed)) return null
  return {
    happened: `From ${duration(recoverMs)} after the heal on, the limiter ${name} allowed nothing at all, although it gives back its limit every ${duration(windowMs)}.`,
    cause: 'a count was written whose time to live was not, so that it never ends',
    change: 'count and set the time to live in one script, or in one command',
  }
}

/** Checks whose counts nobody took away: all of them, or, where the fault lost the data, those before and those after. */
function countable(
  checks: readonly CheckRecord[],
  { faultAtMs, healAtMs, dataLost }: Measurement,
): (readonly CheckRecord[])[] {
  if (!dataLost) return [checks]
  return [
    checks.filter(({ endMs }) => endMs !== null && endMs <= faultAtMs),
    checks.filter(({ startMs }) => startMs >= healAtMs),
  ]
}
