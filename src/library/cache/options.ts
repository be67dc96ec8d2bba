import type { Clock } from '../kernel/clock.js'
import { OptionError } from '../kernel/errors.js'
import type { BackendType } from '../kernel/events.js'
import { refuseUnknownOptions } from '../kernel/known-options.js'
import type { BreakerOptions } from '../resilience/circuit-breaker.js'
import { defaultBreaker } from '../resilience/default-breaker.js'
import { deserializeJson, serializeJson } from './json-codec.js'

/** How a cache behaves. Checked when it is built: one that cannot be used throws `OptionError`. */
export interface CacheOptions<T = unknown> {
  /** Label of metrics and logs. @default 'default' */
  name?: string
  /** Lifetime of an entry where `set` names none, in seconds, 1 to 604800. @default 300 */
  ttl?: number
  /** Share by which a lifetime is shortened at random, 0 to 0.5, so that entries do not expire together. @default 0.1 */
  ttlJitter?: number
  /**
   * Longest that one operation keeps its caller waiting, in ms, 1 to 60000. Caches on one client share its breaker, so one
   * with a deadline that a healthy backend cannot keep opens it for all: give that one a client of its own.
   * @default 100 on Redis, 300 on Upstash
   */
  deadlineMs?: number
  /**
   * @default JSON.stringify, with dates and BigInts tagged so that they come back as such (docs/stored-format.md). What
   * JSON would lose (a Map, a class's instance without toJSON, a function, NaN, a cycle) is refused with one warning that
   * names its kind; a field that is undefined is left out.
   */
  serialize?: (value: T) => string
  /** @default the reverse of that; reads any other JSON, too */
  deserialize?: (text: string) => T
  /** A stored value for which this says no is a miss. @default accepts everything */
  validate?: (value: unknown) => value is T
  /** Larger values are neither stored nor read; UTF-8 bytes of the serialised text, 1 to 512 MiB. @default 1048576 */
  maxValueBytes?: number
  /**
   * Loads of `getOrLoad` that may run at a time in this process, 1 to 100000. Others wait for their turn, in order, at most
   * 10000 of them and each for 1 s; beyond that `getOrLoad` rejects with `BulkheadRejectedError`, so that the source gets
   * what it can answer when Redis is away. Callers that share a load count once. @default 64
   */
  maxConcurrentLoads?: number
  /** How long the answer `NOT_FOUND` of a loader is kept, in seconds, 1 to 604800 and never longer than a value; 0: not. @default 10 */
  negativeTtl?: number
  /**
   * Writes a hash of the key and a checksum before each value. Another key's value (a reply that went astray) and altered
   * bytes are then misses that get overwritten, counted `invalid` with `INTEGRITY`. It protects against accidents, not
   * against somebody who may write to Redis. For what decides about access. @default false
   */
  integrity?: boolean
  /**
   * `tombstone` keeps a value that was computed before a `del` from being stored after it; `delete` is a plain DEL
   * without that protection, for services whose other writers expect the key to be gone. @default 'tombstone'
   */
  invalidation?: 'tombstone' | 'delete'
  /** Life of a tombstone in ms, 2000 to 600000; a load slower than this less 1 s is not stored. @default 5000 */
  tombstoneMs?: number
  /** Undelivered invalidations kept at most, and as many sets that did not arrive; 0 keeps none. @default 10000 */
  journalMax?: number
  /** `false` asks the backend every time, whatever its state. @default 5 failures, 500 ms, at most 10000 ms on Redis and 500 ms on Upstash */
  breaker?: false | Partial<BreakerOptions>
  /** @internal */
  clock?: Clock
}

export type ResolvedOptions<T> = Required<Omit<CacheOptions<T>, 'clock' | 'breaker' | 'validate'>> & {
  breaker: BreakerOptions | false
  validate: ((value: unknown) => value is T) | null
}

/** @throws OptionError naming the option, the value and the range */
export function resolveOptions<T>(options: CacheOptions<T>, backend: BackendType): ResolvedOptions<T> {
  if (typeof options !== 'object' || options === null) throw new OptionError('options', options, 'an object')
  const { clock: _, ...declared } = options
  refuseUnknownOptions(declared, Object.keys(NAMES))
  const name = options.name ?? 'default'
  if (typeof name !== 'string' || name === '')
    throw new OptionError('name', options.name, 'a non-empty string')
  const invalidation = options.invalidation ?? 'tombstone'
  if (invalidation !== 'tombstone' && invalidation !== 'delete') {
    throw new OptionError('invalidation', invalidation, `'tombstone' or 'delete'`)
  }
  for (const option of ['serialize', 'deserialize', 'validate'] as const) {
    const value = options[option]
    if (value !== undefined && typeof value !== 'function') throw new OptionError(option, value, 'a function')
  }
  const integrity = options.integrity ?? false
  if (typeof integrity !== 'boolean') throw new OptionError('integrity', integrity, 'true or false')
  const maxValueBytes = number('maxValueBytes', options.maxValueBytes, 1_048_576, 1, 536_870_912)
  return {
    name,
    invalidation,
    integrity,
    maxValueBytes,
    ttl: number('ttl', options.ttl, 300, 1, 604_800),
    ttlJitter: number('ttlJitter', options.ttlJitter, 0.1, 0, 0.5),
    deadlineMs: number('deadlineMs', options.deadlineMs, backend === 'upstash' ? 300 : 100, 1, 60_000),
    serialize: options.serialize ?? ((value) => serializeJson(value, maxValueBytes)),
    deserialize: options.deserialize ?? ((text) => deserializeJson(text) as T),
    validate: options.validate ?? null,
    maxConcurrentLoads: wholeNumber('maxConcurrentLoads', options.maxConcurrentLoads, 64, 1, 100_000),
    negativeTtl: resolveNegativeTtl(options.negativeTtl),
    tombstoneMs: number('tombstoneMs', options.tombstoneMs, 5000, 2000, 600_000),
    journalMax: number('journalMax', options.journalMax, 10_000, 0, 10_000_000),
    breaker: resolveBreaker(options.breaker, backend),
  }
}

/** A record and not a list, so that an option without a place here does not compile. */
const NAMES: Record<keyof Omit<CacheOptions, 'clock'>, true> = {
  name: true,
  ttl: true,
  ttlJitter: true,
  negativeTtl: true,
  deadlineMs: true,
  serialize: true,
  deserialize: true,
  validate: true,
  maxValueBytes: true,
  integrity: true,
  maxConcurrentLoads: true,
  invalidation: true,
  tombstoneMs: true,
  journalMax: true,
  breaker: true,
}

function resolveBreaker(breaker: CacheOptions['breaker'], backend: BackendType): BreakerOptions | false {
  if (breaker === false) return false
  if (breaker !== undefined && (typeof breaker !== 'object' || breaker === null)) {
    throw new OptionError('breaker', breaker, 'false or an object')
  }
  refuseUnknownOptions(breaker ?? {}, ['failures', 'openMs', 'maxOpenMs'], 'breaker.')
  const standard = defaultBreaker(backend)
  const openMs = number('breaker.openMs', breaker?.openMs, standard.openMs, 1, 600_000)
  const leastMaxMs = Math.max(standard.maxOpenMs, openMs)
  return {
    failures: number('breaker.failures', breaker?.failures, standard.failures, 1, 1_000_000),
    openMs,
    maxOpenMs: number('breaker.maxOpenMs', breaker?.maxOpenMs, leastMaxMs, openMs, 3_600_000),
  }
}

function resolveNegativeTtl(seconds: CacheOptions['negativeTtl']): number {
  return seconds === 0 ? 0 : number('negativeTtl', seconds, 10, 1, 604_800, '0, or a number')
}

function number(
  option: string,
  value: unknown,
  fallback: number,
  min: number,
  max: number,
  kind = 'a number',
): number {
  if (value === undefined) return fallback
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw new OptionError(option, value, `${kind} from ${min} to ${max}`)
  }
  return value
}

function wholeNumber(option: string, value: unknown, fallback: number, min: number, max: number): number {
  const kind = 'a whole number'
  if (value !== undefined && !Number.isInteger(value))
    throw new OptionError(option, value, `${kind} from ${min} to ${max}`)
  return number(option, value, fallback, min, max, kind)
}
