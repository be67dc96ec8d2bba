import type { IncomingMessage, ServerResponse } from 'node:http'
import { startLoopbackServer, type LoopbackServer } from '../../sandbox/http/loopback-server.js'
import { EnvironmentError } from '../../report/errors.js'
import type { FaultyDoor } from '../faulty-door.js'
import { act } from './act.js'
import { admit } from './admit.js'
import { ControlError } from './failure.js'
import { requestBody } from './request-body.js'

/**
 * Lets programs of this machine that have the token say what is wrong at a door: `GET /status`, `POST /fault`, `POST /open`,
 * `POST /renew`; JSON in and out.
 *
 * @param port 0: a free one
 * @throws EnvironmentError `PORT_TAKEN`
 */
export async function serveControl(door: FaultyDoor, token: string, port: number): Promise<LoopbackServer> {
  try {
    return await startLoopbackServer((request, response) => answer(request, response, door, token), port)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new EnvironmentError('PORT_TAKEN', `port ${port} on 127.0.0.1 is taken by another process`, [
      'another --control-port, or none to get a free one',
    ])
  }
}

/** Never rejects. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  door: FaultyDoor,
  token: string,
): Promise<void> {
  try {
    admit(request, token)
    const { method = '', url = '/' } = request
    const body = await requestBody(request)
    send(response, 200, await act(door, { method, path: url, body }))
  } catch (error) {
    if (error instanceof ControlError) send(response, error.status, error.document)
    else if (request.complete) {
      const message = error instanceof Error ? error.message : 'it did not come to its end'
      send(response, 500, new ControlError(500, 'NOT_DONE', message).document)
    } else response.destroy()
  }
}

function send(response: ServerResponse, status: number, document: unknown): void {
  if (response.headersSent || response.destroyed) return
  const text = `${JSON.stringify(document)}\n`
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    // What is left of a body that was not read must not be taken for the next request.
    ...(status >= 400 && { connection: 'close' }),
  })
  response.end(text)
}
