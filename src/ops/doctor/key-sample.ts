import type { OperatorClient } from '../../library/backends/operator.js'
import type { OperatorError } from '../../library/backends/operator-error.js'

/** One key, without its name: a report may be shared. What is absent the server did not tell. */
export interface SampledKey {
  /** Null: an orphan, which no family declares. */
  family: string | null
  /** Null: each key's window decides, or nobody. */
  declaredSeconds: number | null
  /** How long the name is, in bytes. */
  nameBytes: number
  /** Null: it does not expire. */
  ttlMs?: number | null
  /** As Redis calls it, such as `hash`. */
  type?: string
  /** Bytes of a string, members of a collection; of what is small the bytes in memory, which are more. */
  size?: number
  /** How often it is asked for, on the logarithmic scale of an LFU policy: 0 to 255. */
  counter?: number
}

/** What is asked about a key, and may be refused. */
export type Question = 'ttlMs' | 'size' | 'counter'

export interface KeySample {
  /** Keys that were looked at. */
  looked: number
  /** Keys of the database, before; null where the server does not tell. */
  total: number | null
  /** False when there are more. */
  complete: boolean
  /** Those that were still there when they were asked about. */
  keys: SampledKey[]
  /** In a cluster the other nodes have keys of their own. */
  oneNode: boolean
  /** The first refusal of each question that was refused for one key or more. */
  refusals: Partial<Record<Question, OperatorError>>
}

export interface SampleOptions {
  /** Stop after about this many keys. */
  maxKeys: number
  /** Stop after this long, in ms. */
  maxMs: number
  /** Whether the server knows MEMORY USAGE; without it every length is asked, which counts as a use of the key. */
  memory: boolean
  /** Whether the server counts how often keys are asked for. */
  counters: boolean
  signal: AbortSignal
}

/** Looks at some keys of one server; another engine's ability, which the command wires in. */
export type SampleKeys = (
  client: OperatorClient,
  options: SampleOptions,
) => Promise<Omit<KeySample, 'oneNode'>>

/** Enough for a share of 5 % ± 1 %, and a few round trips. */
export const SAMPLE = { maxKeys: 2000, maxMs: 1500 } as const

/** Upstash bills by the command, of which a key takes three: 5 % ± 2.5 %. */
export const UPSTASH_SAMPLE = { maxKeys: 300, maxMs: 1500 } as const
