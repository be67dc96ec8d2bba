import type { IncomingMessage } from 'node:http'
import { RestError } from './rest-error.js'

/** What Supabase's gateway lets through is more; nothing that the sandbox is for needs it. */
const MAX_BODY_BYTES = 10 * 1024 * 1024

/** @throws RestError 413, and 400 for what is no UTF-8; rejects when the client hangs up */
export function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY_BYTES) chunks.push(chunk)
      else {
        // Not destroyed: the answer has to go out on the same connection.
        request.pause()
        const message = `the body is larger than ${MAX_BODY_BYTES} bytes`
        reject(new RestError(413, { code: 'PAYLOAD_TOO_LARGE', message }))
      }
    })
    request.on('end', () => {
      try {
        resolve(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)))
      } catch {
        reject(new RestError(400, { code: 'PGRST102', message: 'the body is no UTF-8' }))
      }
    })
    request.on('close', () => reject(new Error('the client hung up')))
  })
}
