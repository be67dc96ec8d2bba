import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

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
