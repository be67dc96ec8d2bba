import { startRedisServer } from './redis-server.js'
import type { RedisServer } from './sandbox.js'
import { startWatchdog, type Watchdog } from './watchdog.js'

export interface SandboxOptions {
  /** Port of the Redis server. Default: a free one. */
  port?: number | undefined
  /** What the Redis server asks of its clients. Default: nothing. */
  requirepass?: string | undefined
  /** Ends the start, not the sandbox. The promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined
}

/** Real services of our own on loopback. Two sandboxes share nothing: neither port, nor directory, nor process. */
export interface Sandbox {
  readonly redis: RedisServer
  /** Register here what else must not outlive us. */
  readonly watchdog: Watchdog
  /** Ends everything and removes every trace. Idempotent. */
  stop(): Promise<void>
}

/** Errors: those of `startRedisServer` and `startWatchdog`; nothing is left running then. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  options.signal?.throwIfAborted()
  const watchdog = startWatchdog()
  try {
    const redis = await startRedisServer({ ...options, watchdog })
    return {
      redis,
      watchdog,
      async stop() {
        try {
          await redis.stop()
        } finally {
          await watchdog.stop()
        }
      },
    }
  } catch (error) {
    await watchdog.stop()
    throw error
  }
}
