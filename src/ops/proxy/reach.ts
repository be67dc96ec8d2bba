import { connectTo, type Upstream } from '../faults/doors/upstream.js'
import { EnvironmentError } from '../report/errors.js'

const DEADLINE_MS = 5000

/**
 * Connects as the door will, and hangs up: a certificate that it would not trust is told before an application is sent there.
 *
 * @throws EnvironmentError `UPSTREAM_UNREACHABLE`
 */
export function requireReachable(upstream: Upstream, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectTo(upstream)
    const settle = (error?: Error) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      socket.destroy()
      if (error === undefined) resolve()
      else reject(error)
    }
    const abort = () => settle(signal?.reason as Error)
    const fail = (why: string) => settle(unreachable(upstream, why))
    const timer = setTimeout(() => fail(`no answer within ${DEADLINE_MS / 1000} s`), DEADLINE_MS)
    signal?.addEventListener('abort', abort, { once: true })
    socket.once(upstream.tls ? 'secureConnect' : 'connect', () => settle())
    socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message))
  })
}

function unreachable({ host, port, tls }: Upstream, why: string): EnvironmentError {
  const ways = ['check host and port, and that the server runs']
  if (tls) ways.push('NODE_EXTRA_CA_CERTS=FILE, where its certificate is signed by an authority of your own')
  return new EnvironmentError(
    'UPSTREAM_UNREACHABLE',
    `The server that the door is to stand in front of, ${host}:${port}, cannot be reached${tls ? ' by TLS' : ''}: ${why}.`,
    ways,
  )
}
