import type { IncomingMessage } from 'node:http'
import { ControlError } from './failure.js'

const MAX_BYTES = 4096

/**
 * The JSON object in a request; an empty body is an empty object.
 *
 * @throws ControlError 413 for more than 4 KiB, 400 for anything else than an object; Error when the client hangs up
 */
export async function requestBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  let size = 0
  // Not destroyed on the way out: the answer has to go out on the same connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BYTES)
      throw new ControlError(413, 'TOO_LARGE', `The body is larger than ${MAX_BYTES} bytes.`)
    chunks.push(chunk)
  }
  if (size === 0) return {}
  let value: unknown
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw notAnObject()
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notAnObject()
  return value as Record<string, unknown>
}

function notAnObject(): ControlError {
  return new ControlError(400, 'BAD_BODY', 'The body is not a JSON object.', ['{"name":"stall"}'])
}
