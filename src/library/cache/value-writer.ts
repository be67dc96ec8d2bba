import type { CacheBackend, RedisKeyValueClient } from '../backends/backend.js'
import type { Clock } from '../kernel/clock.js'
import { ClockUnknownError } from '../kernel/errors.js'
import type { CacheResult } from '../kernel/events.js'
import type { Caller, Guard, Outcome } from '../resilience/guard.js'
import type { Expectation } from './observations.js'
import { abilityOf, attempt } from './abilities.js'
import { parseStoreReply, storeScript, type StoreResult } from './store-script.js'
import { createTombstone } from './tombstone.js'
import { clampTtlMs } from './value-limits.js'

/**
 * Longest that a write may be on its way, in ms, however patient its caller. A write is believed until a tombstone's
 * life less this after its read was sent, so none can come and go unseen between the read and the write.
 */
export const LANDS_WITHIN_MS = 1000

/** A backend that can compare and set on the server. */
export type ScriptingBackend = RedisKeyValueClient & Required<Pick<RedisKeyValueClient, 'eval' | 'serverNow'>>

/** The backend if it can run our scripts, else null. */
export function scriptsOf(backend: CacheBackend): ScriptingBackend | null {
  const abilities = [abilityOf(backend, 'eval'), abilityOf(backend, 'serverNow')]
  return abilities.every((ability) => typeof ability === 'function') ? (backend as ScriptingBackend) : null
}

export interface WriterOptions {
  backend: CacheBackend
  scripts: ScriptingBackend | null
  guard: Guard
  clock: Clock
  ttl: number
  ttlJitter: number
  deadlineMs: number
  tombstoneMs: number
  name: string
}

export interface WriteEnd {
  result: CacheResult
  errorType: string | null
  /** Whether what the write was to replace may still be read by others. */
  olderMayStand: boolean
  /** Null when the backend was not asked, or answered in the write protocol's own terms. */
  outcome: Outcome<unknown> | null
}

/** Writes values: in time or not at all, and only over what was expected. Never rejects. */
export class ValueWriter {
  readonly #options: WriterOptions
  #longestTtlMs: number

  constructor(options: WriterOptions) {
    this.#options = options
    this.#longestTtlMs = options.ttl * 1000
  }

  /** Longest lifetime that this writer has given an entry, in ms; at least the default one. */
  get longestTtlMs(): number {
    return this.#longestTtlMs
  }

  /** @param expectation see the store script */
  async write(
    key: string,
    text: string,
    ttlSeconds: number | undefined,
    expectation: Expectation,
    startedAt: number,
  ): Promise<WriteEnd> {
    const { backend, scripts, guard, deadlineMs } = this.#options
    if (expectation === 'too-late') return declined('TOO_LATE', true)
    const ttlMs = this.#lifetimeMs(ttlSeconds)
    // cache-audit-ignore R3: a foreign backend may have no scripts; which way is the cache's own affair
    if (!scripts) return ended(await guard.run(() => backend.set(key, text, ttlMs / 1000), deadlineMs))
    const outcome = await guard.run(
      (caller) => this.#store(scripts, key, text, ttlMs, expectation, startedAt, caller),
      deadlineMs,
    )
    if (!outcome.ok || outcome.value === 'stored') return ended(outcome)
    if (outcome.value === null) return { ...declined('UNKNOWN_REPLY', true), result: 'error' }
    // Wherever else the script declines, a tombstone stands.
    return declined(outcome.value.toUpperCase(), outcome.value === 'late')
  }

  async #store(
    scripts: ScriptingBackend,
    key: string,
    text: string,
    ttlMs: number,
    expectation: string,
    startedAt: number,
    caller: Caller,
  ): Promise<StoreResult | null> {
    const { clock, deadlineMs, tombstoneMs } = this.#options
    const send = async (notAfter: number) => {
      const limits = [String(ttlMs), notAfter.toFixed(3), expectation]
      const args = [text, ...limits, createTombstone(), String(tombstoneMs)]
      return parseStoreReply(await scripts.eval(storeScript, [key], args))
    }
    const serverNow = serverNowOf(scripts) ?? (await learnServerTime(scripts))
    const result = await send(serverNow + Math.min(deadlineMs, LANDS_WITHIN_MS) - (clock.now() - startedAt))
    // The caller would have been let go, had it not been held up in a long turn of our own: so it is sent again, once,
    // with what may be left of the time that is given after such a turn. Not where anything may stand there: it may be a
    // later value of ours by now.
    const laterNow = result === 'late' && expectation !== '*' && !caller.settled ? serverNowOf(scripts) : null
    const leftMs = Math.min(deadlineMs / 2, LANDS_WITHIN_MS - (clock.now() - startedAt))
    return laterNow !== null && leftMs > 0 ? send(laterNow + leftMs) : result
  }

  #lifetimeMs(ttlSeconds: number | undefined): number {
    const { ttl, ttlJitter, name } = this.#options
    const ttlMs = clampTtlMs(ttlSeconds ?? ttl, ttl, name)
    this.#longestTtlMs = Math.max(this.#longestTtlMs, ttlMs)
    return Math.max(1, Math.floor(ttlMs * (1 - ttlJitter * Math.random())))
  }
}

function ended(outcome: Outcome<unknown>): WriteEnd {
  if (outcome.ok) return { result: 'ok', errorType: null, olderMayStand: false, outcome }
  const { result, errorType } = outcome
  // A full server has dropped the older value itself.
  return { result, errorType, olderMayStand: errorType !== 'OOM', outcome }
}

function declined(errorType: string, olderMayStand: boolean): WriteEnd {
  return { result: 'refused', errorType, olderMayStand, outcome: null }
}

/** Without the server's time a late write could not be told from one in time, so nothing is written. */
async function learnServerTime(scripts: ScriptingBackend): Promise<number> {
  await scripts.ping?.()
  const serverNow = serverNowOf(scripts)
  if (serverNow === null) throw new ClockUnknownError()
  return serverNow
}

function serverNowOf(scripts: ScriptingBackend): number | null {
  const now: unknown = scripts.serverNow()
  if (typeof now === 'number' && Number.isFinite(now)) return now
  attempt(() => now)
  return null
}
