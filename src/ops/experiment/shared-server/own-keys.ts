import type { OperatorClient } from '../../../library/backends/operator-client.js'
import type { KeysLeft } from '../measurement.js'
import { plainText } from '../plain-text.js'

/** Of the keyspace, per step: a fraction of a millisecond, in which others wait. */
const PER_STEP = 500
/** What was still on its way is there in the second one; the last one only counts. */
const PASSES = 4

/** Keys with the prefix of one run in their name, on a server whose other keys are none of our business. */
export interface OwnKeys {
  /** By what precedes their last colon. */
  look(): Promise<KeysLeft[]>
  /** Takes them away, each by its exact name, until none is found. */
  remove(): Promise<{ removed: number; left: number }>
}

/**
 * Of the one database that the connection is in. All of them reject when the server does not answer.
 *
 * @param prefix random: a client that puts something of its own before each key is found as well, and nobody else is
 */
export function ownKeys(connect: () => Promise<OperatorClient>, prefix: string): OwnKeys {
  const withClient = async <T>(work: (client: OperatorClient) => Promise<T>): Promise<T> => {
    const client = await connect()
    try {
      return await work(client)
    } finally {
      client.close()
    }
  }
  return {
    look: () =>
      withClient(async (client) => {
        const found = new Map<string, KeysLeft>()
        for await (const keys of pagesOf(client, prefix)) {
          const ttls = await client.pipeline(keys.map((key) => ['PTTL', key] as const))
          keys.forEach((key, index) => count(found, key, Number(ttls[index])))
        }
        return [...found.values()].sort((left, right) => (left.prefix < right.prefix ? -1 : 1))
      }),
    remove: () =>
      withClient(async (client) => {
        let removed = 0
        let left = 0
        for (let pass = 1; pass <= PASSES; pass++) {
          left = 0
          for await (const keys of pagesOf(client, prefix)) {
            left += keys.length
            if (pass < PASSES) removed += Number(await client.send('UNLINK', ...keys))
          }
          if (left === 0) break
        }
        return { removed, left }
      }),
  }
}

/** Never an empty one. Every key that is there all the time is in one of them at least. */
async function* pagesOf(client: OperatorClient, prefix: string): AsyncGenerator<Buffer[]> {
  let cursor = '0'
  do {
    const reply = await client.sendBytes('SCAN', cursor, 'MATCH', `*${prefix}*`, 'COUNT', PER_STEP)
    const [next, keys] = reply as [Buffer, Buffer[]]
    cursor = next.toString()
    // The server has chosen; what is deleted is what we would choose.
    const own = keys.filter((key) => key.includes(prefix))
    if (own.length > 0) yield own
  } while (cursor !== '0')
}

function count(found: Map<string, KeysLeft>, key: Buffer, ttlMs: number): void {
  // Gone since it was found.
  if (ttlMs === -2) return
  const prefix = plainText(key.toString('utf8').replace(/:[^:]*$/, ''))
  const of = found.get(prefix) ?? { prefix, keys: 0, withoutTtl: 0, longestTtlMs: 0 }
  of.keys += 1
  if (ttlMs === -1) of.withoutTtl += 1
  of.longestTtlMs = Math.max(of.longestTtlMs, ttlMs)
  found.set(prefix, of)
}
