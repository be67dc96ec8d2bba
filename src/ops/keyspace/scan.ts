import type { OperatorClient } from '../../library/backends/operator.js'
import { OperatorError } from '../../library/backends/operator-error.js'
import { encode } from './encode.js'
import type { Pace } from './pace.js'

/** What one SCAN call brought. Keys may come twice. */
export interface Page {
  keys: Buffer[]
  /** Where the next call goes on; `0` after the last one. */
  cursor: string
}

export interface ScanOptions {
  /** A Redis glob; only narrows what is sent, callers check each key themselves. */
  match?: string | undefined
  /** Where to go on, in place of the beginning. */
  from?: string | undefined
  pace: Pace
  signal?: AbortSignal | undefined
}

/**
 * All keys of the database, a page at a time, never blocking the server for longer than one page. Ends early, without
 * an error, when the signal aborts; the last page's cursor then is not `0`.
 *
 * SCAN's guarantee: a key that is there from beginning to end is returned at least once; one that came or went
 * meanwhile may be or not.
 */
export async function* scanPages(client: OperatorClient, options: ScanOptions): AsyncGenerator<Page> {
  const { match, pace, signal, from = '0' } = options
  const filter: string[] = match === undefined ? [] : ['MATCH', match]
  const ask = async (cursor: string): Promise<Page> => {
    const words = [cursor, ...filter, 'COUNT', String(pace.count)]
    const [next, keys] = (await pace.run(() => askScan(client, words))) as [Buffer, Buffer[]]
    return { cursor: next.toString(), keys }
  }
  let ahead: Promise<Page> | null = null
  for (let cursor = from; !signal?.aborted;) {
    const page: Page = await (ahead ?? ask(cursor))
    cursor = page.cursor
    ahead = pace.ahead && cursor !== '0' ? ask(cursor) : null
    // Its failure is met when it is awaited, or by whatever the caller asks next.
    ahead?.catch(() => {})
    yield page
    if (cursor === '0') return
  }
}

async function askScan(client: OperatorClient, words: readonly string[]): Promise<unknown> {
  if (!client.exchange) return client.sendBytes('SCAN', ...words)
  const [reply] = await client.exchange(encode([['SCAN', ...words]]), 1)
  if (reply instanceof OperatorError) throw reply
  return reply
}
