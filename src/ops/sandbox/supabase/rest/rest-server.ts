import type { IncomingMessage, ServerResponse } from 'node:http'
import { EMULATED } from '../../http/emulated.js'
import { startLoopbackServer, type LoopbackServer } from '../../http/loopback-server.js'
import { answerRequest } from './answer-request.js'
import { bodyOf } from './body-of.js'
import { readCaller } from './caller.js'
import type { Database } from './database.js'
import { requireJson } from './media-type.js'
import { RestError } from './rest-error.js'
import { readRestRequest, type RestAnswer } from './rest-request.js'

export interface RestServerOptions {
  /** It stays the caller's, who ends it. */
  database: Database
  /** Signs the API keys and the tokens of users (HS256). */
  jwtSecret: string
  /** @default a free one */
  port?: number
}

/**
 * What supabase-js needs of PostgREST, emulated over a database, on loopback. What it does not support is answered with 501 and the name of the feature; docs/supabase-endpoint.md
 * lists what it does. While the database does not answer: 503.
 *
 * Errors: those of listening on the port, such as EADDRINUSE.
 */
export function startRestServer({
  database,
  jwtSecret,
  port = 0,
}: RestServerOptions): Promise<LoopbackServer> {
  return startLoopbackServer((request, response) => answer(request, response, database, jwtSecret), port)
}

/** Never rejects: whatever was sent, it is answered or the connection is gone. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  database: Database,
  secret: string,
): Promise<void> {
  try {
    const { method = '', url = '/', headers } = request
    const caller = readCaller(headers, secret)
    const at = url.indexOf('?')
    const path = at === -1 ? url : url.slice(0, at)
    const query = new URLSearchParams(at === -1 ? '' : url.slice(at + 1))
    const body = await bodyOf(request)
    if (body !== '') requireJson(headers['content-type'])
    send(
      response,
      await answerRequest(database, caller, readRestRequest({ method, path, query, headers, body })),
    )
  } catch (error) {
    if (error instanceof RestError) {
      send(response, { status: error.status, headers: error.headers, body: JSON.stringify(error.body) })
    } else {
      const body = { code: 'PGRSTX00', message: 'Internal Server Error', details: null, hint: null }
      send(response, { status: 500, body: JSON.stringify(body) })
    }
  }
}

function send(response: ServerResponse, { status, headers = {}, body }: RestAnswer): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, {
    server: EMULATED,
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    // An answer without a body has no length to tell.
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(body ?? '') }),
    // What is left of a body that was not read must not be taken for the next request.
    ...(status === 413 ? { connection: 'close' } : {}),
    ...headers,
  })
  response.end(body)
}
