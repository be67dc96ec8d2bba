import type { IncomingMessage } from 'node:http'

/** The largest request of Upstash's plans; what Supabase's gateway lets through is more than the sandbox needs. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024

/**
 * The whole body of a request.
 *
 * @param tooLarge what to reject with once there are more than `MAX_BODY_BYTES`
 * @throws that, and an Error when the client hangs up
 */
export function readBody(request: IncomingMessage, tooLarge: (bytes: number) => Error): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY_BYTES) chunks.push(chunk)
      else {
        // Not destroyed: the answer has to go out on the same connection.
        request.pause()
        reject(tooLarge(size))
      }
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('close', () => reject(new Error('the client hung up')))
  })
}
