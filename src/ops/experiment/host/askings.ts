import { ALIKE, RARE } from '../identifiers.js'
import type { DeclaredLimit } from '../limiting.js'

/** Of those who keep within their limit: of what they may ask in one window. Two windows of it are less than a limit. */
const SHARE = 0.35
/** Of a limit: all that the rare one asks in the fault and three windows around it. */
const RARE_SHARE = 0.8
const WINDOWS_AROUND = 3
/** A limit above this takes bursts that would measure the machine, and a window below this is over before they are. */
const MOST_AT_ONCE = 50
const SHORTEST_WINDOW_MS = 200

/** Somebody who asks at intervals. */
export interface Asking {
  identifier: string
  everyMs: number
}

/** When a cycle has its bursts and when the next one begins, in windows: never twice at the same place of a window. */
export const BURST_CYCLE = { bursts: [0.6, 1.1], next: 1.3 } as const

/** Who keeps within the limit, and how often he asks. */
export function askingsOf({ limit, windowMs }: Limit, duringMs: number): Asking[] {
  const every = (share: number) => Math.ceil(windowMs / (share * limit))
  const rareShare = RARE_SHARE / (duringMs / windowMs + WINDOWS_AROUND)
  return [
    ...ALIKE.map((identifier) => ({ identifier, everyMs: every(SHARE) })),
    { identifier: RARE, everyMs: every(rareShare) },
  ]
}

/** Whether it can be asked about more than one identifier without measuring the machine. */
export function isModest({ limit, windowMs }: Limit): boolean {
  return limit <= MOST_AT_ONCE && windowMs >= SHORTEST_WINDOW_MS && limit / windowMs <= MOST_AT_ONCE / 1000
}

type Limit = Pick<DeclaredLimit, 'limit' | 'windowMs'>
