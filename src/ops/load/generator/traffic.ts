/** How arrivals are spread; each keeps the mean rate, except `ramp`, which reaches it when `before` ends. */
export type Arrivals = 'constant' | 'poisson' | 'burst' | 'ramp'

/** One kind of key in the workload, as an application would declare it. */
export interface TrafficFamily {
  /** Its id, such as `conv`. */
  id: string
  /** Such as `copilot:conv:{conversationId}`; every parameter gets the number of the key. */
  pattern: string
  /** Of the operations about keys, relative to the other families. */
  weight: number
  /** How many keys there are. */
  keys: number
  /** Exponent of Zipf's law: 0 asks for every key equally often, 0.99 is what memtier and YCSB call zipfian. */
  skew: number
  /** Relative weights. */
  mix: { read: number; put: number; invalidate: number }
  /** Sizes of the stored value in bytes of JSON; one of them is drawn for each key, the same in every run of a seed. */
  bytes: readonly number[]
  /** What `set` is given; null: the subject's own default. */
  ttlSeconds: number | null
}

/** What is asked of a subject's limiters among the operations. */
export interface LimiterTraffic {
  /** Of all operations, 0..1. */
  share: number
  /** How many callers there are; the first is the busiest. */
  identifiers: number
  skew: number
}

/** The source of truth of subjects that have none of their own. */
export interface SourceModel {
  /** What one question takes, plus or minus half of it. */
  latencyMs: number
  /** How many it answers at the same time; others wait for their turn. */
  connections: number
}

/** What is asked, and when: the same options give the same traffic. */
export interface Traffic {
  seed: number
  ratePerSecond: number
  arrivals: Arrivals
  /** How long `ramp` rises. */
  beforeMs: number
  families: readonly TrafficFamily[]
  limiter: LimiterTraffic | null
  source: SourceModel
}
