import type { CacheStatus, TransparentCache } from '../../cache/transparent-cache.js'
import { families } from '../../families/families.js'
import type { BackendType } from '../../kernel/events.js'
import { refuseUnknownOptions } from '../../kernel/known-options.js'
import { createStoreCache, type CacheBackendOptions } from '../cache-backend.js'
import { inOurWords } from '../caching-store-options.js'
import { isIdentifier } from '../is-identifier.js'
import { keyOrNone } from '../key-or-none.js'
import type { Validation, ValidationCache } from './validation-cache.js'

/** How a validation cache behaves. Checked when it is built. */
export interface ValidationCacheOptions {
  /** What `redis` is where it is a client. @default 'redis' */
  backendType?: CacheBackendOptions['backendType']
  /** Label of metrics and logs. @default 'auth-validation' */
  name?: string | undefined
  /** Longest that the cache keeps a caller waiting, in ms; see `CacheOptions`. @default 100 on Redis, 300 on Upstash */
  cacheDeadlineMs?: number | undefined
  /** Validations that may run at a time; see `CacheOptions`. @default 64 */
  maxConcurrentLoads?: number | undefined
}

const NAMES = [
  'backendType',
  'name',
  'cacheDeadlineMs',
  'maxConcurrentLoads',
] satisfies (keyof ValidationCacheOptions)[]

const { pattern } = families.authValidation
const VALID_SECONDS = families.authValidation.ttlSeconds!
/** Spares the source a client that tries again and again, and lets a user in soon who may be let in again. */
const INVALID_SECONDS = 10

/**
 * A validation cache that always works, with or without Redis. Never null.
 *
 * @param redis what `resolveRedisBackend` answers for `'auth-validation'`, or a client; null for a service without Redis
 * @throws OptionError, now, for an option that cannot be used. After that only what `validate` rejects with, and
 * `BulkheadRejectedError`, reach the caller.
 *
 * @example
 * const logins = createValidationCache(resolveRedisBackend(process.env, 'auth-validation'))
 * const { isValid } = await logins.getOrValidate(userId, () => validateAgainstDatabase(userId))
 */
export function createValidationCache(
  redis: CacheBackendOptions['redis'],
  options: ValidationCacheOptions = {},
): ValidationCache {
  refuseUnknownOptions(options, NAMES)
  const { backendType, name = 'auth-validation', cacheDeadlineMs, maxConcurrentLoads } = options
  const cacheOptions = {
    name,
    maxConcurrentLoads,
    deadlineMs: cacheDeadlineMs,
    ttl: VALID_SECONDS,
    integrity: true,
    validate: isValidation,
  }
  return new DistributedValidationCache(
    inOurWords(() => createStoreCache<Validation>({ redis, backendType }, cacheOptions)),
  )
}

class DistributedValidationCache implements ValidationCache {
  readonly #cache: TransparentCache<Validation>

  constructor(cache: TransparentCache<Validation>) {
    this.#cache = cache
  }

  get(userId: string): Promise<Validation | null> {
    return this.#cache.get(keyOf(userId))
  }

  set(userId: string, validation: Validation): Promise<void> {
    return this.#cache.set(keyOf(userId), validation, secondsOf(validation))
  }

  async getOrValidate(userId: string, validate: () => Promise<Validation>): Promise<Validation> {
    // Looked at when the answer is stored, and that is after it is known.
    const life = { ttlSeconds: INVALID_SECONDS }
    const load = async () => {
      const validation = checked(await validate())
      life.ttlSeconds = secondsOf(validation)
      return validation
    }
    // Null is never loaded here; who writes it into the cache says nothing about a login.
    return (await this.#cache.getOrLoad(keyOf(userId), load, life)) ?? load()
  }

  invalidate(userId: string): Promise<void> {
    return this.#cache.del(keyOf(userId))
  }

  getBackendType(): BackendType {
    return this.#cache.getBackendType()
  }

  getStatus(): CacheStatus {
    return this.#cache.getStatus()
  }

  close(): Promise<void> {
    return this.#cache.close()
  }
}

function keyOf(userId: string): string {
  return keyOrNone(() => (isIdentifier(userId) ? pattern.build({ userId }) : ''))
}

function secondsOf(validation: Validation): number {
  return validation?.isValid === true ? VALID_SECONDS : INVALID_SECONDS
}

/** Neither stored nor taken for an answer: it is the caller's own mistake, so it is told. */
function checked(validation: Validation): Validation {
  if (isValidation(validation)) return validation
  throw new TypeError('validate answered something else than {isValid: true or false}')
}

function isValidation(given: unknown): given is Validation {
  if (typeof given !== 'object' || given === null) return false
  const { isValid, details } = given as Partial<Record<keyof Validation, unknown>>
  return (
    typeof isValid === 'boolean' &&
    (details === undefined || (typeof details === 'object' && details !== null))
  )
}
