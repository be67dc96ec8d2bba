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
}

/** Where a value stands in an answer: at a path of its JSON, in the first group of a pattern over its body, or in a header. */
export type Place = { json: string } | { match: string } | { header: string }

/** Reads `{key}` through the app; the answer tells the version. */
export interface ReadProbe extends Probe {
  version: Place
  /** What says that there is nothing for the caller, after `revoke`. */
  denied: readonly string[]
}

/** Asked more often than the app's limiter allows; 429 means denied. */
export interface LimitProbe extends Probe {
  name: string
  limit: number
  windowMs: number
  onUnavailable: 'allow' | 'deny'
}

/** All that can be asked of an app. */
export interface ProbeSet {
  /** Asked once, in this order, when the app is ready; what they capture serves the others. */
  setup: readonly (Probe & { capture: Readonly<Record<string, Place>> })[]
  probes: readonly Probe[]
  read?: ReadProbe | undefined
  /** Makes `{version}` the version of `{key}`. */
  write?: Probe | undefined
  /** Takes `{key}` away: from then on a read is denied. */
  revoke?: Probe | undefined
  limit?: LimitProbe | undefined
}

/** `GET /api/session`: how a probe is called. */
export function probeName({ method, path }: Pick<Probe, 'method' | 'path'>): string {
  return `${method} ${path}`
}
