import type { IncomingMessage } from 'node:http'
import { MAX_BODY_BYTES, readBody } from '../../http/read-body.js'
import { RestError } from './rest-error.js'

/** @throws RestError 413, and 400 for what is no UTF-8; rejects when the client hangs up */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const bytes = await readBody(request, () => {
    const message = `the body is larger than ${MAX_BODY_BYTES} bytes`
    return new RestError(413, { code: 'PAYLOAD_TOO_LARGE', message })
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new RestError(400, { code: 'PGRST102', message: 'the body is no UTF-8' })
  }
}
