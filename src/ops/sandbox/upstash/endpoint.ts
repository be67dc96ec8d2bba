import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { EMULATED } from '../http/emulated.js'
import { startLoopbackServer, type LoopbackServer } from '../http/loopback-server.js'
import { MAX_BODY_BYTES, readBody } from '../http/read-body.js'
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
export interface UpstashEndpoint extends LoopbackServer {
  /** `http://127.0.0.1:<port>`, for UPSTASH_REDIS_REST_URL. */
  readonly url: string
  /** For UPSTASH_REDIS_REST_TOKEN. */
  readonly token: string
}

/**
 * Starts the endpoint: commands as a JSON array at `/` or in the path, `/pipeline`, `/multi-exec`, base64, Bearer and
 * `_token`. What it does not support is answered with 501 and the name of the feature; while Redis does not answer, 503.
 *
 * Errors: those of listening on the port, such as EADDRINUSE.
 */
export async function startUpstashEndpoint(options: UpstashEndpointOptions): Promise<UpstashEndpoint> {
  const { redisUrl, token = 'dev', port = 0 } = options
  const backing: Backing = { link: new RedisLink(redisUrl), scripts: new ScriptNames() }
  const {
    host,
    port: actualPort,
    stop,
  } = await startLoopbackServer((request, response) => answer(request, response, token, backing), port)
  let stopping: Promise<void> | null = null
  return {
    host,
    port: actualPort,
    url: `http://${host}:${actualPort}`,
    token,
    stop: () => (stopping ??= Promise.all([stop(), backing.link.close()]).then(() => undefined)),
  }
}

/** Never rejects: whatever was sent, it is answered or the connection is gone. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  backing: Backing,
): Promise<void> {
  try {
    const { method = '', url = '/', headers } = request
    if (!['HEAD', 'GET', 'POST', 'PUT'].includes(method)) throw new RestError(405, 'ERR method not allowed')
    if (!isAuthorised(url, headers.authorization, token)) throw new RestError(401, 'Unauthorized')
    const body = await readBody(request, tooLarge)
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
    server: EMULATED,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    // What is left of a body that was not read must not be taken for the next request.
    ...(status === 413 ? { connection: 'close' } : {}),
  })
  response.end(text)
}

function tooLarge(actual: number): RestError {
  return new RestError(
    413,
    `ERR max request size exceeded. Limit: ${MAX_BODY_BYTES} bytes, Actual: ${actual} bytes`,
  )
}
