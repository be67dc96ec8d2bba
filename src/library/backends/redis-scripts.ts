import type { Redis } from 'ioredis'
import type { Script } from './script.js'

/**
 * Runs scripts by name once this connection has seen them run, and by their text before. To try the name first would
 * cost an error and a second round trip each, for hundreds at once when what waited is delivered after an outage.
 */
export class RedisScripts {
  readonly #known = new Set<string>()

  async run(
    redis: Redis,
    script: Script,
    keys: readonly string[],
    args: readonly string[],
  ): Promise<unknown> {
    const { sha, lua } = script
    if (this.#known.has(sha)) {
      try {
        return await redis.evalsha(sha, keys.length, ...keys, ...args)
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
        this.#known.delete(sha)
      }
    }
    const reply = await redis.eval(lua, keys.length, ...keys, ...args)
    this.#known.add(sha)
    return reply
  }

  /** The next connection may lead to a server that knows none of them. */
  forget(): void {
    this.#known.clear()
  }
}
