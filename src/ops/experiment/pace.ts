import type { Protocol } from '../faults/doors/door.js'
import type { Plan } from './plan.js'

export interface Pace {
  /** How many keys are read at once before the drill. */
  atOnce: number
  /** How long that may take. */
  warmUpMs: number
  lookEveryMs: Plan['lookEveryMs']
}

/**
 * A request over REST costs several times what a command over RESP does (measured: 1 ms of CPU with client, doors and
 * endpoint, on a machine with two cores). So keys are read less often, or the machine would be what is measured.
 */
export const PACE: Readonly<Record<Protocol, Pace>> = {
  resp: { atOnce: 50, warmUpMs: 10_000, lookEveryMs: undefined },
  rest: { atOnce: 10, warmUpMs: 20_000, lookEveryMs: { second: 1000, main: 1000 } },
}
