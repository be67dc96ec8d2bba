import type { OperatorClient } from '../../library/backends/operator.js'

/** One key of a declared family. The key itself stays where it is: a report may be shared. */
export interface SampledKey {
  family: string
  /** Null: each key's window decides. */
  declaredSeconds: number | null
  /** Null: it does not expire. */
  ttlMs: number | null
}

export interface KeySample {
  /** Keys that were looked at, of whatever family. */
  looked: number
  /** False when there are more. */
  complete: boolean
  keys: SampledKey[]
}

export interface SampleOptions {
  /** Stop after about this many keys. */
  maxKeys: number
  /** Stop after this long, in ms. */
  maxMs: number
  signal: AbortSignal
}

/** Looks at some keys with SCAN and PTTL; another engine's ability, which the command wires in. */
export type SampleKeys = (client: OperatorClient, options: SampleOptions) => Promise<KeySample>

/** Enough for a share of 5 % ± 1 %, and a few round trips. */
export const SAMPLE = { maxKeys: 2000, maxMs: 1500 } as const
