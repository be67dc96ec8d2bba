import type { CheckRecord, LimiterDeclaration, Limiting } from '../limiting.js'
import type { Times } from '../recording.js'
import type { LimitProbe } from '../../config/probes/probe.js'

/**
 * What the app's limiter was asked. Whether it counted can only be told from what it answered: under the fault an `allow` is
 * its policy's where that is declared, and so are denials where in all of a window not one was allowed.
 */
export function limitingOf(
  { name, limit, windowMs, onUnavailable }: LimitProbe,
  checks: readonly CheckRecord[],
  { faultAtMs, healAtMs }: Times,
  recoverMs: number,
): Limiting {
  const limiter: LimiterDeclaration = { name, limit, windowMs, onUnavailable }
  // Until it has found its backend again, its policy may decide.
  const untilMs = healAtMs + recoverMs
  const isUnderFault = ({ startMs, endMs }: CheckRecord) =>
    startMs < untilMs && (endMs ?? Infinity) >= faultAtMs
  const late = checks.filter(({ startMs }) => startMs >= faultAtMs + windowMs && startMs < healAtMs)
  const isShut =
    healAtMs - faultAtMs > 2 * windowMs && late.length > 0 && !late.some(({ allowed }) => allowed)
  return {
    limiters: [limiter],
    checks: checks.map((check) => {
      if (!isUnderFault(check) || check.allowed === null) return check
      const byPolicy = check.allowed ? onUnavailable === 'allow' : isShut && check.startMs < healAtMs
      return byPolicy ? { ...check, counted: false } : check
    }),
  }
}
