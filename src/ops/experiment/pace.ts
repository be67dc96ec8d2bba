import type { Plan } from './plan.js'
import type { Subject } from './subjects/subject.js'

export interface Pace {
  /** How many keys are read at once before the drill. */
  atOnce: number
  /** How long that may take. */
  warmUpMs: number
  lookEveryMs: Plan['lookEveryMs']
  burstMs?: Plan['burstMs']
}

const OVER_RESP: Pace = { atOnce: 50, warmUpMs: 10_000, lookEveryMs: undefined }
const OVER_HTTP: Pace = { atOnce: 10, warmUpMs: 20_000, lookEveryMs: { second: 1000, main: 1000 } }
/** A change of a record is two questions, and 32 begin with the fault. */
const OVER_SOURCE: Pace = { ...OVER_HTTP, burstMs: 200 }

/**
 * A request over HTTP, to Upstash or to Supabase, costs several times what a command over RESP does (measured: 1 ms of CPU
 * with client, doors and Upstash's endpoint, on a machine with two cores). So keys are read less often, or the machine would
 * be what is measured.
 */
export function paceOf({ protocol, source }: Pick<Subject, 'protocol' | 'source'>): Pace {
  if (source !== undefined) return OVER_SOURCE
  return protocol === 'rest' ? OVER_HTTP : OVER_RESP
}
