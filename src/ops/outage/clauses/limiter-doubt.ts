import type { CheckRecord, LimiterDeclaration } from '../../experiment/limiting.js'
import type { Measurement } from '../../experiment/measurement.js'
import { duration } from './wording.js'

/** Why a limiter that broke nothing has kept nothing either: it was never put to the test. Null when it was. */
export function doubtAboutLimit(
  { name, limit, windowMs }: LimiterDeclaration,
  checks: readonly CheckRecord[],
  { faultAtMs, healAtMs }: Measurement,
): string | null {
  const duringMs = healAtMs - faultAtMs
  if (windowMs > duringMs) {
    return `the window of ${name}, ${duration(windowMs)}, does not fit in a fault of ${duration(duringMs)}; a longer --during tells, or a limiter with a shorter window`
  }
  const asked = checks.filter(({ startMs }) => startMs >= faultAtMs && startMs < healAtMs).length
  const perWindow = Math.round((asked * windowMs) / duringMs)
  if (perWindow > limit) return null
  return `${name} allows ${limit} in ${duration(windowMs)} and was asked ${perWindow} times in each, as a drill asks 200 times a second at most: its limit was never reached`
}
