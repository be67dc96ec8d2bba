import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

const USUAL_PORTS: Record<string, number> = { 'redis:': 6379, 'rediss:': 6379, 'http:': 80, 'https:': 443 }

/** The server that a door stands in front of. */
export interface Upstream {
  host: string
  port: number
  /** Speaks TLS to it, and wants a certificate of its name that this machine trusts. Clients speak plain to the door all the same. */
  tls?: boolean
  /** What the door calls it in place of the `Host` that a client named: a service may be one of many behind its address. */
  authority?: string
}

/** A connection that is being made. A server that ends its half may still be spoken to, where there is no TLS between. */
export function connectTo({ host, port, tls }: Upstream): Socket {
  if (!tls) return connectPlain({ host, port, noDelay: true, allowHalfOpen: true })
  const socket = connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }) })
  socket.setNoDelay(true)
  return socket
}

/** What a door is told of a server, from the URL by which clients know it. */
export function upstreamOf(url: string): Required<Upstream> {
  const { protocol, hostname, port, host } = new URL(url)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (USUAL_PORTS[protocol] ?? 6379) : Number(port),
    tls: protocol === 'rediss:' || protocol === 'https:',
    authority: host,
  }
}
