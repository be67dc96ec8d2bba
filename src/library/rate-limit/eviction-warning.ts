import type { RedisKeyValueClient } from '../backends/backend.js'
import { warnOnce } from './warn-once.js'

/**
 * Says once when the server may drop counters to make room, with which identifiers begin anew however much they have
 * used (library study H31). Asked once per connection, in the background; a server that does not tell is let be.
 */
export function warnOfEviction(client: RedisKeyValueClient): void {
  const stop = client.onReady?.(() => {
    stop?.()
    // cache-audit-ignore R6: asked in the background, and nobody waits for the answer
    client.evictionPolicy?.().then(
      (policy) => {
        if (policy === null || policy === 'noeviction') return
        warnOnce(
          'rate-limit',
          `Redis evicts when it is full (${policy}), and forgets who has used what: give limiters a Redis with maxmemory-policy noeviction`,
        )
      },
      () => undefined,
    )
  })
}
