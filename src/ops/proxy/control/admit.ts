import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { ControlError } from './failure.js'

/**
 * Whether a request may be heard. A page in somebody's browser reaches loopback as well: its requests carry an `Origin`, or
 * the name of a host that was made to point here.
 *
 * @throws ControlError 403 for a request from a page, or to another name; 401 without the token
 */
export function admit({ headers, socket }: IncomingMessage, token: string): void {
  const names = ['127.0.0.1', 'localhost'].map((name) => `${name}:${socket.localPort}`)
  if (!names.includes(headers.host ?? '') || headers.origin !== undefined)
    throw new ControlError(403, 'FORBIDDEN', 'This port is for programs of this machine, by its address.')
  const shown = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
  if (timingSafeEqual(digest(shown), digest(token))) return
  throw new ControlError(401, 'UNAUTHORIZED', 'The token of this proxy is missing or wrong.', [
    'Authorization: Bearer and what is in the file that the proxy named at its start',
  ])
}

/** Of one length, whatever was shown. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
