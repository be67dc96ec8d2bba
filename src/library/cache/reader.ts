import { createHash } from 'node:crypto'
import type { CacheBackend } from '../backends/backend.js'
import type { CacheResult } from '../kernel/events.js'
import type { Guard } from '../resilience/guard.js'
import type { Invalidation } from './invalidation.js'
import { isTombstone } from './tombstone.js'
import type { ValueCodec } from './value-codec.js'

/** What a read found under a key. */
export interface Found<T> {
  /** Null for a miss of any kind, and for the answer that there is nothing. */
  value: T | null
  result: CacheResult
  errorType: string | null
  /**
   * `not-found`: the source was asked lately and had nothing · `nothing` includes tombstones · `garbage` is no value of
   * this cache · `no-answer`: nobody knows what stands there.
   */
  observed: 'value' | 'not-found' | 'nothing' | 'garbage' | 'no-answer'
  /** The text, or the tombstone that stood there, or `''`. */
  text: string
  /** What a write that follows a load must find: see the store script. */
  expectation: string
}

interface ReaderOptions<T> {
  backend: CacheBackend
  guard: Guard
  invalidation: Invalidation
  codec: ValueCodec<T>
  deadlineMs: number
}

/** Reads values within the deadline. Never rejects. */
export class Reader<T> {
  readonly #options: ReaderOptions<T>

  constructor(options: ReaderOptions<T>) {
    this.#options = options
  }

  async look(key: string): Promise<Found<T>> {
    const { backend, guard, invalidation, codec, deadlineMs } = this.#options
    // Answers may overtake one another on some backends, so a waiting invalidation is looked for before and after.
    if (invalidation.isPending(key)) return noAnswer('short_circuit', 'INVALIDATION_PENDING')
    const outcome = await guard.run(() => backend.get(key), deadlineMs)
    if (!outcome.ok) return noAnswer(outcome.result, outcome.errorType)
    const raw: unknown = outcome.value
    if (invalidation.isPending(key)) return noAnswer('miss', null)
    if (raw === null || raw === undefined) return nothing('')
    if (typeof raw !== 'string') return noAnswer('invalid', 'NOT_A_STRING')
    if (isTombstone(raw)) return nothing(raw)
    const decoded = codec.read(key, raw)
    if (decoded.kind === 'value') return seen<T>('value', decoded.value, raw)
    // It is an answer: the source need not be asked, which is what a hit means.
    if (decoded.kind === 'not-found') return seen<T>('not-found', null, raw)
    const expectation = `v${createHash('sha1').update(raw).digest('hex')}`
    const { errorType } = decoded
    return { value: null, result: 'invalid', errorType, observed: 'garbage', text: raw, expectation }
  }
}

function seen<T>(observed: 'value' | 'not-found', value: T | null, text: string): Found<T> {
  return { value, result: 'hit', errorType: null, observed, text, expectation: '*' }
}

function nothing(tombstone: string): Found<never> {
  const expectation = tombstone === '' ? '-' : `t${tombstone}`
  return { value: null, result: 'miss', errorType: null, observed: 'nothing', text: tombstone, expectation }
}

function noAnswer(result: CacheResult, errorType: string | null): Found<never> {
  return { value: null, result, errorType, observed: 'no-answer', text: '', expectation: '-' }
}
