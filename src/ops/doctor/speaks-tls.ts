import { isIP } from 'node:net'
import { connect } from 'node:tls'

const LONGEST_MS = 500

/** Whether a handshake comes to its end, whatever the certificate; nothing is sent through it. */
export function speaksTls([host, port]: readonly [host: string, port: number]): Promise<boolean> {
  return new Promise((resolve) => {
    const servername = isIP(host) === 0 ? { servername: host } : {}
    // Looked at, never used: a certificate that nobody trusts is an answer to the question, too.
    const socket = connect({ host, port, ...servername, rejectUnauthorized: false })
    const settle = (speaks: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(speaks)
    }
    const timer = setTimeout(() => settle(false), LONGEST_MS)
    socket.once('secureConnect', () => settle(true))
    socket.once('error', () => settle(false))
    socket.once('close', () => settle(false))
  })
}
