import type { Protocol } from '../../faults/doors/door.js'
import type { RedisServer } from '../../sandbox/sandbox.js'
import { startUpstashEndpoint } from '../../sandbox/upstash/endpoint.js'
import type { SubjectEnvironment } from '../subjects/subject.js'
import type { Closing } from './closing.js'

/** What lies behind the door, and how a subject is told of it. */
export interface Backend {
  readonly protocol: Protocol
  readonly host: string
  readonly port: number
  /** The server itself, whatever is over it. */
  readonly server: RedisServer
  /** What stands in for what is not real, for the report. */
  readonly emulated: readonly string[]
  /** For a subject that is to find it there, and not where it is; `secure`: by TLS. */
  environmentAt(address: { host: string; port: number; secure?: boolean }): SubjectEnvironment
}

/** The server itself, or the REST endpoint over it. Those that it asks for a password are told it. */
export async function openBackend(
  protocol: Protocol,
  { server, password }: { server: RedisServer; password?: string | undefined },
  closing: Closing,
): Promise<Backend> {
  if (protocol !== 'rest') {
    const credentials = password === undefined ? '' : `:${password}@`
    return {
      protocol,
      host: server.host,
      port: server.port,
      server,
      emulated: [],
      environmentAt: ({ host, port, secure }) => ({
        redisUrl: `${secure ? 'rediss' : 'redis'}://${credentials}${host}:${port}`,
      }),
    }
  }
  const endpoint = await startUpstashEndpoint({ redisUrl: server.url })
  closing.push(() => endpoint.stop())
  return {
    protocol,
    host: endpoint.host,
    port: endpoint.port,
    server,
    emulated: ['Upstash REST endpoint'],
    environmentAt: ({ host, port, secure }) => ({
      redisUrl: null,
      upstash: { url: `${secure ? 'https' : 'http'}://${host}:${port}`, token: endpoint.token },
    }),
  }
}
