import type { Script } from './script.js'

/**
 * A key-value service as caches see it. Any `{get, set, del}` will do; what a method lacks is an error of that one
 * operation, which the cache turns into a miss.
 */
export interface CacheBackend {
  /** Null when there is no such key. */
  get(key: string): Promise<string | null>
  /**
   * Stores a text in place of the one before, its TTL included.
   * @param ttlSeconds may carry fractions down to a millisecond; without it the key does not expire
   */
  set(key: string, value: string, ttlSeconds?: number): Promise<void>
  /** Takes the key away; also resolves when there is none. */
  del(key: string): Promise<void>
}

/** What our own clients can do beyond that; each ability is used where it is present. */
export interface RedisKeyValueClient extends CacheBackend {
  /** Resolves when the server answers; rejects when it cannot be asked. */
  ping?(): Promise<string>
  /** Runs a script on the server. Present together with `serverNow`. */
  eval?(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown>
  /** The server's clock in ms since the epoch, never later than it really is; null while it is unknown. */
  serverNow?(): number | null
  /** What the server does when its memory limit is reached, such as `allkeys-lru`; null without a limit, or when it does not tell. */
  evictionPolicy?(): Promise<string | null>
  /**
   * Number of the usable connection, another one for each; null while there is none. What a server was seen to hold says
   * nothing about the one at the end of the next connection, which may have lost it. Absent where there are none.
   */
  connection?(): number | null
  /** Calls the listener each time a connection becomes usable. */
  onReady?(listener: () => void): () => void
  /**
   * Resolves when the first connection is usable or has failed, at most one deadline after the client was loaded; of a
   * client without connections when it is loaded. Callers wait for it once, so that what a service does first is not
   * lost to its own start-up.
   */
  readonly started?: Promise<void>
  /** Ends the connection. Pending operations fail. Idempotent. */
  close?(): Promise<void>
}
