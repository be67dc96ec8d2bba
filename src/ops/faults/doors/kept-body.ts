import type { IncomingMessage } from 'node:http'
import { Gathered } from '../gathered.js'

/** More than the 10 MB of Upstash, so that what is too large is for the service behind the door to refuse. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024
export const MAX_KEPT_BYTES = 128 * 1024 * 1024

/** What a proxy keeps of all requests together. */
export interface Kept {
  bytes: number
}

/**
 * A request's body, once it is whole.
 *
 * Rejects when the client hangs up before, and when it is more than can be kept; `release` says that it is not needed any
 * more.
 */
export function keptBody(
  request: IncomingMessage,
  kept: Kept,
): Promise<{ bytes: Buffer; release: () => void }> {
  return new Promise((resolve, reject) => {
    const gathered = new Gathered()
    let size = 0
    const release = () => {
      kept.bytes -= size
      size = 0
    }
    const giveUp = (why: string) => {
      release()
      reject(new Error(why))
    }
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      kept.bytes += chunk.length
      if (size <= MAX_BODY_BYTES && kept.bytes <= MAX_KEPT_BYTES) gathered.add(chunk)
      else {
        request.removeAllListeners('data')
        request.pause()
        giveUp('the body is more than can be kept')
      }
    })
    request.once('end', () => resolve({ bytes: Buffer.concat(gathered.take()), release }))
    request.once('close', () => {
      if (!request.complete) giveUp('the client hung up')
    })
  })
}
