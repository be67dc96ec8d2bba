import type { CacheBackend, RedisKeyValueClient } from '../backends/backend.js'
import { ClockUnknownError } from '../kernel/errors.js'
import { parseStoreReply, storeScript, type StoreResult } from './store-script.js'
import { createTombstone } from './tombstone.js'

/**
 * Longest that a write may be on its way, in ms, however patient its caller. A write is believed until a tombstone's
 * life less this after its read was sent, so none can come and go unseen between the read and the write.
 */
export const LANDS_WITHIN_MS = 1000

/** A backend that can compare and set on the server. */
export type ScriptingBackend = RedisKeyValueClient & Required<Pick<RedisKeyValueClient, 'eval' | 'serverNow'>>

/** The backend if it can run our scripts, else null. */
export function scriptsOf(backend: CacheBackend): ScriptingBackend | null {
  const { eval: run, serverNow } = backend as RedisKeyValueClient
  return typeof run === 'function' && typeof serverNow === 'function' ? (backend as ScriptingBackend) : null
}

interface Write {
  key: string
  text: string
  ttlMs: number
  /** In ms of the server's clock. */
  notAfter: number
  expectation: string
  tombstoneMs: number
}

/** Null when the reply is not one that the script gives. */
export async function storeValue(backend: ScriptingBackend, write: Write): Promise<StoreResult | null> {
  const { key, text, ttlMs, notAfter, expectation, tombstoneMs } = write
  const limits = [String(ttlMs), notAfter.toFixed(3), expectation]
  return parseStoreReply(
    await backend.eval(storeScript, [key], [text, ...limits, createTombstone(), String(tombstoneMs)]),
  )
}

/** Without the server's time a late write could not be told from one in time, so nothing is written. */
export async function learnServerTime(backend: ScriptingBackend): Promise<number> {
  await backend.ping?.()
  const serverNow = backend.serverNow()
  if (serverNow === null) throw new ClockUnknownError()
  return serverNow
}
