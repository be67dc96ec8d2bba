import { systemClock } from '../kernel/clock.js'
import type { LibraryEvent } from '../kernel/events.js'
import type { Logger } from './logger.js'

const POLICY_TEXT = {
  failopen: '[TransparentRateLimiter] Rate limit check failed - allowing request (fail-open)',
  failclosed: '[TransparentRateLimiter] Rate limit check failed - denying request (fail-closed)',
}

/** What belongs to one call, or to a limiter that was closed, is no sign of an outage. */
const NOT_AN_OUTAGE = new Set(['UNUSABLE_IDENTIFIER', 'CLOSED'])

/** No line comes oftener than this, however often the backend comes and goes. */
const QUIET_MS = 10_000

interface Outage {
  saidAt: number
  /** The line was written and the end is still to be said. */
  announced: boolean
  isDown: boolean
  withoutBackend: number
}

const outages = new Map<string, Outage>()
const allowAllSaid = new Set<string>()

/** Writes one line for an outage, in which the policy decides, and counts the rest. */
export function logCheck(event: Extract<LibraryEvent, { type: 'check' }>, to: Logger): void {
  const { limiter, backend, result, errorType } = event
  if (result !== 'failopen' && result !== 'failclosed') return
  if (errorType === null || NOT_AN_OUTAGE.has(errorType)) return
  const outage = outageOf(limiter)
  outage.withoutBackend++
  const now = systemClock.now()
  if ((outage.announced && outage.isDown) || now - outage.saidAt < QUIET_MS) return
  outage.saidAt = now
  outage.announced = true
  to.warn(POLICY_TEXT[result], { limiter, backend, errorType })
}

export function logLimiterState(event: Extract<LibraryEvent, { type: 'limiter-state' }>, to: Logger): void {
  const { limiter, backend } = event
  const outage = outageOf(limiter)
  outage.isDown = event.to !== 'up'
  if (outage.isDown || !outage.announced) return
  outage.announced = false
  const checksWithout = outage.withoutBackend
  outage.withoutBackend = 0
  to.info('[TransparentRateLimiter] Backend is back', { limiter, backend, checksWithout })
}

export function logAllowAll({ limiter }: Extract<LibraryEvent, { type: 'allow-all' }>, to: Logger): void {
  if (allowAllSaid.has(limiter) || allowAllSaid.size >= 1000) return
  allowAllSaid.add(limiter)
  to.warn('[TransparentRateLimiter] AllowAllRateLimiter active - rate limiting disabled', { limiter })
}

function outageOf(limiter: string): Outage {
  let outage = outages.get(limiter)
  if (!outage) {
    outage = { saidAt: -Infinity, announced: false, isDown: false, withoutBackend: 0 }
    outages.set(limiter, outage)
  }
  return outage
}
