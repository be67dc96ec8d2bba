/** A window is counted in this many slots, and the one that it is about to leave is counted whole. */
export const SLOTS = 10

/** Counts that can matter: those of the window's slots, and of the one that the window still touches. */
const COUNTS = SLOTS + 1

/** What one identifier has used. */
export interface WindowState {
  /** Number of the newest slot, counted from the epoch. */
  readonly slot: number
  /** What was used in it and in each of the ten before it, the newest first. */
  readonly counts: readonly number[]
}

export interface Quota {
  limit: number
  windowMs: number
}

export interface WindowAnswer {
  allowed: boolean
  /** Used in the window, this request included when it was allowed and taken. */
  used: number
  /** Until this cost would be allowed if nothing else came; 0 when it was. */
  retryAfterUs: number
  /** Until nothing is used any more, if nothing else comes. */
  resetAfterUs: number
}

/** Length of a slot. In microseconds, as Redis tells time, so that every window has slots of whole ones. */
export function slotUs(windowMs: number): number {
  return (windowMs * 1000) / SLOTS
}

/** Longest that a state can matter, in ms: 1.1 windows. */
export function lifetimeMs(windowMs: number): number {
  return Math.ceil((COUNTS * slotUs(windowMs)) / 1000)
}

/**
 * The strict sliding window, which the script repeats on the server: never more than `limit` within any `windowMs`,
 * wherever it begins. The price of constant memory is that what was used is given back up to a tenth of the window late.
 * What is denied does not count.
 *
 * @param nowUs the server's clock. When it was set back by no more than a window, time stands still until it has caught
 * up; a state from further in the future is not believed.
 * @param cost a cost above the limit is denied for ever
 * @param mode `peek` leaves the state as it is
 */
export function decide(
  state: WindowState | null,
  nowUs: number,
  cost: number,
  { limit, windowMs }: Quota,
  mode: 'take' | 'peek' = 'take',
): { answer: WindowAnswer; state: WindowState | null } {
  const length = slotUs(windowMs)
  const current = aligned(state, Math.floor(nowUs / length))
  const used = current.counts.reduce((sum, count) => sum + count, 0)
  const endsAfterUs = (age: number) => (current.slot - age + COUNTS) * length - nowUs
  const newest = current.counts.findIndex((count) => count > 0)
  const resetAfterUs = newest === -1 ? 0 : endsAfterUs(newest)

  if (used + cost > limit) {
    let left = used
    let age = COUNTS - 1
    while (age > 0 && (left -= current.counts[age]!) + cost > limit) age--
    return { answer: { allowed: false, used, retryAfterUs: endsAfterUs(age), resetAfterUs }, state }
  }
  if (mode === 'peek') return { answer: { allowed: true, used, retryAfterUs: 0, resetAfterUs }, state }
  const counts = [current.counts[0]! + cost, ...current.counts.slice(1)]
  const answer = { allowed: true, used: used + cost, retryAfterUs: 0, resetAfterUs: endsAfterUs(0) }
  return { answer, state: { slot: current.slot, counts } }
}

/** The same state as it looks from this slot. */
function aligned(state: WindowState | null, slot: number): WindowState {
  const shift = state === null ? COUNTS : slot - state.slot
  if (state === null || shift > SLOTS || shift < -SLOTS)
    return { slot, counts: Array<number>(COUNTS).fill(0) }
  if (shift <= 0) return state
  const counts = [...Array<number>(shift).fill(0), ...state.counts.slice(0, COUNTS - shift)]
  return { slot, counts }
}
