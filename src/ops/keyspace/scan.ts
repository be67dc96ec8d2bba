import type { Command, OperatorClient } from '../../library/backends/operator.js'
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
  const { match, pace, signal } = options
  const filter: string[] = match === undefined ? [] : ['MATCH', match]
  const ask = async (cursor: string): Promise<Page> => {
    const command: Command = ['SCAN', cursor, ...filter, 'COUNT', pace.count]
    const reply = (await pace.run(() => client.sendBytes(...command))) as [Buffer, Buffer[]]
    return { cursor: reply[0].toString(), keys: reply[1] }
  }
  let ahead: Promise<Page> | null = null
  for (let cursor = '0'; !signal?.aborted;) {
    const page: Page = await (ahead ?? ask(cursor))
    cursor = page.cursor
    ahead = pace.ahead && cursor !== '0' ? ask(cursor) : null
    // Its failure is met when it is awaited, or by whatever the caller asks next.
    ahead?.catch(() => {})
    yield page
    if (cursor === '0') return
  }
}
