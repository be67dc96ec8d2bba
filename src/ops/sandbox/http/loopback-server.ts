import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A listener of an emulated service. */
export interface LoopbackServer {
  /** `127.0.0.1`. */
  readonly host: string
  /** Where it listens: the one asked for, or a free one. */
  readonly port: number
  /** Cuts all connections. Idempotent. */
  stop(): Promise<void>
}

const HOST = '127.0.0.1'
const MAX_CONNECTIONS = 1024

/**
 * Serves HTTP on loopback, for clients that may be hostile or hang up at any moment.
 *
 * @param answer must not reject; a request or response whose client is gone raises nothing
 * @param port 0: a free one
 * @throws that of listening on the port, such as EADDRINUSE
 */
export async function startLoopbackServer(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  port: number,
): Promise<LoopbackServer> {
  const server = createServer({ connectionsCheckingInterval: 5000 }, (request, response) => {
    // A client that hangs up is no event for anybody.
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    void answer(request, response)
  })
  server.maxConnections = MAX_CONNECTIONS
  server.headersTimeout = 10_000
  server.requestTimeout = 30_000
  // Longer than clients keep an idle connection, so that none is cut while a request is on its way.
  server.keepAliveTimeout = 60_000
  await listen(server, port)
  let stopping: Promise<void> | null = null
  return {
    host: HOST,
    port: (server.address() as AddressInfo).port,
    stop: () => (stopping ??= stop(server)),
  }
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
