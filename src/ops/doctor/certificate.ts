import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'

export interface SeenCertificate {
  /** Of the certificate, in ms since 1970. */
  end: number
  /** Why a client that trusts what this process trusts refuses it; null when it does not. */
  problem: string | null
}

export interface CertificateQuestion {
  host: string
  port: number
  deadlineMs: number
  signal: AbortSignal
}

/** What a TLS server shows in a handshake, in which nothing is sent; null when there is none. */
export function certificateOf({
  host,
  port,
  deadlineMs,
  signal,
}: CertificateQuestion): Promise<SeenCertificate | null> {
  const servername = isIP(host) === 0 ? { servername: host } : {}
  return new Promise((resolve) => {
    // Whether it is trusted is the question.
    const socket: TLSSocket = connect({ host, port, ...servername, rejectUnauthorized: false }, () => {
      const end = Date.parse(socket.getPeerCertificate().valid_to)
      const { authorized, authorizationError } = socket
      settle(Number.isNaN(end) ? null : { end, problem: authorized ? null : codeOf(authorizationError) })
    })
    const settle = (seen: SeenCertificate | null) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      socket.destroy()
      resolve(seen)
    }
    const giveUp = () => settle(null)
    const timer = setTimeout(giveUp, deadlineMs)
    signal.addEventListener('abort', giveUp)
    socket.on('error', giveUp)
    socket.on('close', giveUp)
  })
}

/** It is a code, an error with one, or a sentence that repeats names of the certificate. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : error
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : 'not trusted'
}
