import type { Command, OperatorClient } from '../../library/backends/operator.js'
import { OperatorError } from '../../library/backends/operator-error.js'
import { isRefusal } from './server-facts.js'

/** What is known of one key at the moment it was asked about. */
export interface Measurement {
  /** Null: it does not expire. */
  ttlMs: number | null
  type: string
  /** What it costs the server with everything around it (MEMORY USAGE); null where the server would not say. */
  bytes: number | null
}

/** One pipeline for all keys, in order; null for a key that is no longer there. */
export async function measureKeys(
  client: OperatorClient,
  keys: readonly Buffer[],
): Promise<(Measurement | null)[]> {
  const commands = keys.flatMap((key): Command[] => [
    ['PTTL', key],
    ['TYPE', key],
    ['MEMORY', 'USAGE', key],
  ])
  const replies = await client.pipeline(commands)
  return keys.map((_key, index) => {
    const [ttl, type, bytes] = replies.slice(index * 3, index * 3 + 3)
    const refused = [ttl, type].find((reply) => reply instanceof OperatorError)
    if (refused) throw refused
    if (bytes instanceof OperatorError && !isRefusal(bytes)) throw bytes
    if (ttl === -2 || type === 'none') return null
    return {
      ttlMs: ttl === -1 ? null : Number(ttl),
      type: String(type),
      bytes: typeof bytes === 'number' ? bytes : null,
    }
  })
}
