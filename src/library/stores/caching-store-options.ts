import type { CacheOptions } from '../cache/options.js'
import { OptionError } from '../kernel/errors.js'
import { refuseUnknownOptions } from '../kernel/known-options.js'
import type { CachingStoreOptions } from './caching-store.js'

/** A record and not a list, so that an option without a place here does not compile. */
const NAMES: Record<keyof Omit<CachingStoreOptions<never, never, never>, 'clock'>, true> = {
  redis: true,
  backendType: true,
  name: true,
  key: true,
  load: true,
  isRecordOf: true,
  canRead: true,
  ttlSeconds: true,
  negativeTtlSeconds: true,
  cacheDeadlineMs: true,
  integrity: true,
  maxConcurrentLoads: true,
}
const FUNCTIONS = ['key', 'load', 'isRecordOf', 'canRead'] as const

/** What a cache calls what a store calls otherwise. */
const OURS: Record<string, string> = {
  ttl: 'ttlSeconds',
  negativeTtl: 'negativeTtlSeconds',
  deadlineMs: 'cacheDeadlineMs',
}

/** @throws OptionError for what no cache would notice */
export function checkOptions<Id, R, V>(options: CachingStoreOptions<Id, R, V>): void {
  if (typeof options !== 'object' || options === null) throw new OptionError('options', options, 'an object')
  const { clock: _, ...declared } = options
  refuseUnknownOptions(declared, Object.keys(NAMES))
  const { name } = options
  if (typeof name !== 'string' || name === '') throw new OptionError('name', name, 'a non-empty string')
  for (const option of FUNCTIONS) {
    if (typeof options[option] !== 'function') throw new OptionError(option, options[option], 'a function')
  }
}

export function cacheOptionsOf<Id, R, V>(options: CachingStoreOptions<Id, R, V>): CacheOptions<R> {
  const { name, ttlSeconds, negativeTtlSeconds, cacheDeadlineMs, integrity, maxConcurrentLoads, clock } =
    options
  return {
    name,
    integrity,
    maxConcurrentLoads,
    clock,
    ttl: ttlSeconds,
    negativeTtl: negativeTtlSeconds,
    deadlineMs: cacheDeadlineMs,
  }
}

/** What the cache says of its options, said of the store's. */
export function inOurWords<T>(build: () => T): T {
  try {
    return build()
  } catch (error) {
    const ours = error instanceof OptionError ? OURS[error.option] : undefined
    throw error instanceof OptionError && ours ? new OptionError(ours, error.value, error.range) : error
  }
}
