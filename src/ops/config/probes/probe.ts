/** What an answer must be. */
export interface Expectation {
  /** Each `2xx` or `204`; any of them will do. */
  statuses: readonly string[]
  /** Text that the body contains. */
  contains?: string | undefined
}

/** One HTTP request to the app, and what its answer must be. `{name}` in path, headers and body stands for a captured value. */
export interface Probe {
  method: string
  /** Begins with `/`. */
  path: string
  headers?: Readonly<Record<string, string>> | undefined
  body?: string | undefined
  expect: Expectation
  /** Under load: how often it is asked, relative to the others. @default 1 */
  weight?: number | undefined
}

/** Where a value stands in an answer: at a path of its JSON, in the first group of a pattern over its body, or in a header. */
export type Place = { json: string } | { match: string } | { header: string }

/** Reads `{key}` through the app; the answer tells the version. */
export interface ReadProbe extends Probe {
  version: Place
  /** What says that there is nothing for the caller, after `revoke`. */
  denied: readonly string[]
  /** What is the same whenever the same version is answered, from the cache or not. */
  same?: Place | undefined
}

/** Reads `{key}` as somebody with whom it is not shared. */
export interface StrangerProbe extends Probe {
  /** What says that there is nothing for him. */
  denied: readonly string[]
}

/** Asked more often than the app's limiter allows; 429 means denied. */
export interface LimitProbe extends Probe {
  name: string
  limit: number
  windowMs: number
  onUnavailable: 'allow' | 'deny'
}

/** Under load: what reads and writes of keys are like. */
export interface KeyTraffic {
  /** Of both together, relative to `probes`. */
  weight: number
  /** How many keys there are. */
  count: number
  /** Exponent of Zipf's law: 0 asks for every key equally often. */
  skew: number
  /** Share of the writes, 0..1, where `write` is declared. */
  writes: number
}

/** All that can be asked of an app. */
export interface ProbeSet {
  /** Asked once, in this order, when the app is ready; what they capture serves the others. */
  setup: readonly (Probe & { capture: Readonly<Record<string, Place>> })[]
  probes: readonly Probe[]
  read?: ReadProbe | undefined
  /** What it answers must be a denial, hit or miss. */
  stranger?: StrangerProbe | undefined
  /** Makes `{version}` the version of `{key}`. */
  write?: Probe | undefined
  /** Takes `{key}` away: from then on a read is denied. */
  revoke?: Probe | undefined
  limit?: LimitProbe | undefined
  /** Absent: `KEY_TRAFFIC`. */
  keys?: KeyTraffic | undefined
}

export const KEY_TRAFFIC: Readonly<KeyTraffic> = { weight: 1, count: 100, skew: 0.99, writes: 0.1 }

/** `GET /api/session`: how a probe is called. */
export function probeName({ method, path }: Pick<Probe, 'method' | 'path'>): string {
  return `${method} ${path}`
}
