import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readBody } from './read-body.js'
import { RedisLink } from './redis-link.js'
import { RestError } from './rest-error.js'
import { readRestRequest } from './rest-request.js'
import { runRequest, type Backing } from './run-request.js'
import { ScriptNames } from './script-names.js'

export interface UpstashEndpointOptions {
  /** `redis://…` of the server that holds the data. */
  redisUrl: string
  /**
   * What clients must show. No secret: whoever reaches this endpoint reaches the Redis behind it without one. Short, so
   * that no redactor takes it for one. @default 'dev'
   */
  token?: string
  /** @default a free one */
  port?: number
}

/** The REST interface of Upstash, emulated over a real Redis, on loopback. */
export interface UpstashEndpoint {
  /** `127.0.0.1`. */
  readonly host: string
  /** Where it listens. */
  readonly port: number
  /** `http://127.0.0.1:<port>`, for UPSTASH_REDIS_REST_URL. */
  readonly url: string
  /** For UPSTASH_REDIS_REST_TOKEN. */
  readonly token: string
  /** Cuts all connections. Idempotent. */
  stop(): Promise<void>
}

const HOST = '127.0.0.1'
const MAX_CONNECTIONS = 1024

/**
 * Starts the endpoint: commands as a JSON array at `/` or in the path, `/pipeline`, `/multi-exec`, base64, Bearer and
 * `_token`. What it does not support is answered with 501 and the name of the feature; while Redis does not answer, 503.
 *
 * Errors: those of listening on the port, such as EADDRINUSE.
 */
export async function startUpstashEndpoint(options: UpstashEndpointOptions): Promise<UpstashEndpoint> {
  const { redisUrl, token = 'dev', port = 0 } = options
  const backing: Backing = { link: new RedisLink(redisUrl), scripts: new ScriptNames() }
  const server = createServer((request, response) => void answer(request, response, token, backing))
  server.maxConnections = MAX_CONNECTIONS
  // Longer than clients keep an idle connection, so that none is cut while a request is on its way.
  server.keepAliveTimeout = 60_000
  await listen(server, port)
  const { port: actualPort } = server.address() as AddressInfo
  let stopping: Promise<void> | null = null
  return {
    host: HOST,
    port: actualPort,
    url: `http://${HOST}:${actualPort}`,
    token,
    stop: () => (stopping ??= stop(server, backing.link)),
  }
}

/** Never rejects: whatever was sent, it is answered or the connection is gone. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  backing: Backing,
): Promise<void> {
  // A client that hangs up is no event for anybody.
  request.on('error', () => undefined)
  response.on('error', () => undefined)
  try {
    const { method = '', url = '/', headers } = request
    if (!['HEAD', 'GET', 'POST', 'PUT'].includes(method)) throw new RestError(405, 'ERR method not allowed')
    if (!isAuthorised(url, headers.authorization, token)) throw new RestError(401, 'Unauthorized')
    const body = await readBody(request)
    const encoding = headers['upstash-encoding']?.toString().toLowerCase() === 'base64' ? 'base64' : 'plain'
    send(response, 200, await runRequest(readRestRequest(url, body), encoding, backing))
  } catch (error) {
    if (error instanceof RestError) send(response, error.status, { error: error.message })
    else send(response, 500, { error: 'Internal Server Error' })
  }
}

function isAuthorised(target: string, authorization: string | undefined, token: string): boolean {
  const bearer = /^bearer (.*)$/i.exec(authorization ?? '')?.[1]
  const query = target.includes('?') ? target.slice(target.indexOf('?') + 1) : ''
  const given = Buffer.from(bearer ?? new URLSearchParams(query).get('_token') ?? '')
  const wanted = Buffer.from(token)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    // What is left of a body that was not read must not be taken for the next request.
    ...(status === 413 ? { connection: 'close' } : {}),
  })
  response.end(text)
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

async function stop(server: Server, link: RedisLink): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
  server.closeAllConnections()
  await Promise.all([closed, link.close()])
}
