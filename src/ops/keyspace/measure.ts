import type { Command, OperatorClient } from '../../library/backends/operator.js'
import { OperatorError } from '../../library/backends/operator-error.js'
import { encodeForKeys, keyCommand, type KeyCommand } from './encode.js'
import { isRefusal } from './server-facts.js'

/** What is known of one key at the moment it was asked about. */
export interface Measurement {
  /** Null: it does not expire. */
  ttlMs: number | null
  type: string
  /** What it costs the server with everything around it (MEMORY USAGE); null where the server would not say. */
  bytes: number | null
}

/** Null for a key that is no longer there; undefined for one that could not be asked about. */
export type Measured = Measurement | null | undefined

const PTTL = ask('PTTL')
const ALL = [PTTL, ask('TYPE'), ask('MEMORY', 'USAGE')]

/** One pipeline for all keys, in order. @throws OperatorError when the server refuses to tell TTLs or types */
export async function measureKeys(client: OperatorClient, keys: readonly Buffer[]): Promise<Measured[]> {
  const replies = await askAbout(client, ALL, keys)
  return keys.map((_key, index) => {
    const [ttl, type, bytes] = [replies[index * 3], replies[index * 3 + 1], replies[index * 3 + 2]]
    if (isOutOfReach(ttl) || isOutOfReach(type)) return undefined
    const refused = [ttl, type].find((reply) => reply instanceof OperatorError)
    if (refused) throw refused
    if (bytes instanceof OperatorError && !isRefusal(bytes) && !isOutOfReach(bytes)) throw bytes
    if (ttl === -2 || type === 'none') return null
    return {
      ttlMs: ttl === -1 ? null : Number(ttl),
      type: String(type),
      bytes: typeof bytes === 'number' ? bytes : null,
    }
  })
}

/** Those of the keys that are there and have no TTL, by one pipeline. @throws OperatorError */
export async function withoutTtl(client: OperatorClient, keys: readonly Buffer[]): Promise<boolean[]> {
  const replies = await askAbout(client, [PTTL], keys)
  return replies.map((ttl) => {
    if (ttl instanceof OperatorError && !isOutOfReach(ttl)) throw ttl
    return ttl === -1
  })
}

interface Question extends KeyCommand {
  words: readonly [string, ...string[]]
}

function ask(...words: [string, ...string[]]): Question {
  return { words, ...keyCommand(...words) }
}

function askAbout(
  client: OperatorClient,
  questions: readonly Question[],
  keys: readonly Buffer[],
): Promise<unknown[]> {
  if (client.exchange) {
    return client.exchange(encodeForKeys(questions, keys), keys.length * questions.length)
  }
  return client.pipeline(keys.flatMap((key) => questions.map(({ words }): Command => [...words, key])))
}

/** Another master of the cluster serves the key by now, or its name cannot be sent over REST. */
function isOutOfReach(reply: unknown): boolean {
  return reply instanceof OperatorError && ['MOVED', 'ASK', 'NOT_TEXT'].includes(reply.code)
}
