import type { IncomingMessage } from 'node:http'
import { RestError } from './rest-error.js'

/** The largest request of Upstash's plans is 10 MB. */
const MAX_BODY_BYTES = 10 * 1024 * 1024

/** @throws RestError 413; rejects when the client hangs up */
export function readBody(request: IncomingMessage): Promise<Buffer> {
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

function tooLarge(actual: number): RestError {
  return new RestError(
    413,
    `ERR max request size exceeded. Limit: ${MAX_BODY_BYTES} bytes, Actual: ${actual} bytes`,
  )
}
