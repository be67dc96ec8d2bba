import { createHash } from 'node:crypto'
import type { CacheBackend, RedisKeyValueClient } from '../backends/backend.js'
import type { CacheResult } from '../kernel/events.js'
import type { Guard } from '../resilience/guard.js'
import type { Invalidation } from './invalidation.js'
import type { ResolvedOptions } from './options.js'
import { isTombstone } from './tombstone.js'
import { decodeValue, isUsableKey } from './value-limits.js'

/** What a read found under a key. */
export interface Found<T> {
  /** Null for a miss of any kind. */
  value: T | null
  result: CacheResult
  errorType: string | null
  /** `nothing` includes tombstones · `garbage` cannot be decoded · `no-answer`: nobody knows what stands there. */
  observed: 'value' | 'nothing' | 'garbage' | 'no-answer' | 'unusable'
  /** The text, or the tombstone that stood there, or `''`. */
  text: string
  /** What a write that follows a load must find: see the store script. */
  expectation: string
}

interface ReaderOptions<T> {
  backend: CacheBackend
  guard: Guard
  invalidation: Invalidation
  codec: Pick<ResolvedOptions<T>, 'deserialize' | 'validate' | 'deadlineMs'>
}

/** Reads values within the deadline. Never rejects. */
export class Reader<T> {
  readonly #options: ReaderOptions<T>

  constructor(options: ReaderOptions<T>) {
    this.#options = options
  }

  /** Of a backend that says when it has started. */
  get started(): Promise<void> | undefined {
    return (this.#options.backend as RedisKeyValueClient).started
  }

  async look(key: string): Promise<Found<T>> {
    const { backend, guard, invalidation, codec } = this.#options
    if (!isUsableKey(key)) return { ...noAnswer('refused', 'UNUSABLE_KEY'), observed: 'unusable' }
    // Answers may overtake one another on some backends, so a waiting invalidation is looked for before and after.
    if (invalidation.isPending(key)) return noAnswer('short_circuit', 'INVALIDATION_PENDING')
    const outcome = await guard.run(() => backend.get(key), codec.deadlineMs)
    if (!outcome.ok) return noAnswer(outcome.result, outcome.errorType)
    const raw: unknown = outcome.value
    if (invalidation.isPending(key)) return noAnswer('miss', null)
    if (raw === null || raw === undefined) return nothing('')
    if (typeof raw !== 'string') return noAnswer('invalid', 'NOT_A_STRING')
    if (isTombstone(raw)) return nothing(raw)
    const value = decodeValue<T>(raw, codec)
    if (value !== null) return { ...SEEN, value, text: raw }
    const sha1 = createHash('sha1').update(raw).digest('hex')
    const garbage = { observed: 'garbage', text: raw, expectation: `v${sha1}` } as const
    return { value: null, result: 'invalid', errorType: 'UNDECODABLE', ...garbage }
  }
}

const SEEN = { result: 'hit', errorType: null, observed: 'value', expectation: '*' } as const

function nothing(tombstone: string): Found<never> {
  const expectation = tombstone === '' ? '-' : `t${tombstone}`
  return { value: null, result: 'miss', errorType: null, observed: 'nothing', text: tombstone, expectation }
}

function noAnswer(result: CacheResult, errorType: string | null): Found<never> {
  return { value: null, result, errorType, observed: 'no-answer', text: '', expectation: '-' }
}
