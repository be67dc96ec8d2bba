import { warnOnce } from './warn-once.js'

/** An identifier that can be counted; of any other, one warning. */
export function isUsableIdentifier(identifier: unknown, limiter: string): identifier is string {
  if (typeof identifier === 'string' && identifier !== '') return true
  warnOnce(limiter, 'an identifier that is empty or not a string cannot be counted: the policy decides')
  return false
}

/** A whole number from 1. A cost computed wrongly must not let a request through for nothing, so it counts as one. */
export function wholeCost(cost: unknown, limiter: string, limit: number | null): number {
  if (typeof cost !== 'number' || !(cost > 0 && Number.isFinite(cost))) {
    warnOnce(limiter, 'a cost that is not a number above 0 counted as 1')
    return 1
  }
  if (limit !== null && cost > limit) {
    warnOnce(limiter, 'a cost above the limit was denied and always will be')
    return limit + 1
  }
  if (!Number.isInteger(cost)) warnOnce(limiter, 'a cost that is not a whole number was rounded up')
  return Math.ceil(cost)
}
