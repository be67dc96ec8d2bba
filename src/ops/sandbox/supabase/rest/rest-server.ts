import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerRequest } from './answer-request.js'
import { readCaller } from './caller.js'
import type { Database } from './database.js'
import { requireJson } from './media-type.js'
import { readBody } from './read-body.js'
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

/** What supabase-js needs of PostgREST, emulated over a database, on loopback. */
export interface RestServer {
  /** `127.0.0.1`. */
  readonly host: string
  /** Where it listens. */
  readonly port: number
  /** Cuts all connections. Idempotent. */
  stop(): Promise<void>
}

const HOST = '127.0.0.1'
const MAX_CONNECTIONS = 1024

/**
 * Starts the endpoint. What it does not support is answered with 501 and the name of the feature; docs/supabase-endpoint.md
 * lists what it does. While the database does not answer: 503.
 *
 * Errors: those of listening on the port, such as EADDRINUSE.
 */
export async function startRestServer({
  database,
  jwtSecret,
  port = 0,
}: RestServerOptions): Promise<RestServer> {
  const server = createServer({ connectionsCheckingInterval: 5000 }, (request, response) => {
    void answer(request, response, database, jwtSecret)
  })
  server.maxConnections = MAX_CONNECTIONS
  server.headersTimeout = 10_000
  server.requestTimeout = 30_000
  // Longer than clients keep an idle connection, so that none is cut while a request is on its way.
  server.keepAliveTimeout = 60_000
  await listen(server, port)
  const { port: actualPort } = server.address() as AddressInfo
  let stopping: Promise<void> | null = null
  return {
    host: HOST,
    port: actualPort,
    stop: () => (stopping ??= stop(server)),
  }
}

/** Never rejects: whatever was sent, it is answered or the connection is gone. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  database: Database,
  secret: string,
): Promise<void> {
  // A client that hangs up is no event for anybody.
  request.on('error', () => undefined)
  response.on('error', () => undefined)
  try {
    const { method = '', url = '/', headers } = request
    const caller = readCaller(headers, secret)
    const at = url.indexOf('?')
    const path = at === -1 ? url : url.slice(0, at)
    const query = new URLSearchParams(at === -1 ? '' : url.slice(at + 1))
    const body = await readBody(request)
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
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    // An answer without a body has no length to tell.
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(body ?? '') }),
    // What is left of a body that was not read must not be taken for the next request.
    ...(status === 413 ? { connection: 'close' } : {}),
    ...headers,
  })
  response.end(body)
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      server.off('error', reject)
      server.on('error', () => undefined)
      resolve()
    })
  })
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
