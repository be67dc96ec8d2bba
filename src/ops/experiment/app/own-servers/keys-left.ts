import type { OperatorClient } from '../../../../library/backends/operator-client.js'
import { createOperatorClient } from '../../../../library/backends/operator.js'
import { createUpstashOperatorClient } from '../../../../library/backends/upstash-operator.js'
import type { KeysLeft } from '../../measurement.js'
import { monotonicMs } from '../../monotonic.js'
import type { AppSpec } from '../app.js'
import type { OwnServer } from './guarded-server.js'

const DEADLINE_MS = 3000
/** A fraction of a millisecond, in which others wait. */
const PER_STEP = 500
/** Somebody else's server is not read from end to end for the sake of a drill. */
const LOOKS_FOR_MS = 10_000

/**
 * Counts the keys with a text in their name, in the one database that the app's address names. Nothing is changed. Null when
 * the server does not answer, or has more keys than can be looked at in 10 s: then nothing is known.
 */
export async function keysNamed(
  part: string,
  { server, env }: { server: OwnServer; env: AppSpec['env'] },
): Promise<KeysLeft[] | null> {
  let client: OperatorClient | undefined
  try {
    client = await connect(server, env)
    const found: KeysLeft = { prefix: part, keys: 0, withoutTtl: 0, longestTtlMs: 0 }
    const untilMs = monotonicMs() + LOOKS_FOR_MS
    let cursor = '0'
    do {
      const reply = await client.sendBytes('SCAN', cursor, 'MATCH', `*${part}*`, 'COUNT', PER_STEP)
      const [next, keys] = reply as [Buffer | string, Buffer[]]
      cursor = String(next)
      if (keys.length > 0) {
        const ttls = await client.pipeline(keys.map((key) => ['PTTL', key] as const))
        for (const ttl of ttls.map(Number)) count(found, ttl)
      }
      if (monotonicMs() > untilMs) return null
    } while (cursor !== '0')
    return found.keys === 0 ? [] : [found]
  } catch {
    // cache-audit-ignore R9: null says to the caller that it could not be told
    return null
  } finally {
    client?.close()
  }
}

function connect({ service, url }: OwnServer, env: AppSpec['env']): Promise<OperatorClient> {
  if (service !== 'upstash')
    return createOperatorClient({ url, password: env['REDIS_PASSWORD'], deadlineMs: DEADLINE_MS })
  return createUpstashOperatorClient({
    url,
    token: env['UPSTASH_REDIS_REST_TOKEN'] ?? '',
    deadlineMs: DEADLINE_MS,
  })
}

function count(found: KeysLeft, ttlMs: number): void {
  // Gone since it was found.
  if (ttlMs === -2) return
  found.keys += 1
  if (ttlMs === -1) found.withoutTtl += 1
  found.longestTtlMs = Math.max(found.longestTtlMs, ttlMs)
}
