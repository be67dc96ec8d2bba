import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { EnvironmentError } from '../../report/errors.js'

// Below every system's range for outgoing connections: while a port of that range is closed, a reconnecting client can
// be given the very same port, connect to itself, and so keep us from opening it again.
const FIRST_PORT = 20_000
const LAST_PORT = 32_767

const RETRY_MS = 50
const PROBE_DEADLINE_MS = 1000

export interface ListenOptions {
  host: string
  /** Default: a free one. */
  port?: number | undefined
  /** How long a port that is taken is tried again before it is an error. */
  patienceMs: number
  onConnection(socket: Socket): void
}

/** Throws EnvironmentError `PORT_TAKEN` when the port stays taken. */
export async function listen(options: ListenOptions): Promise<{ server: Server; port: number }> {
  const { host, patienceMs } = options
  const deadline = performance.now() + patienceMs
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT + 1))
    try {
      return { server: await listenOnce(host, port, options.onConnection), port }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      if (options.port === undefined && attempt < 100) continue
      if (performance.now() >= deadline) {
        throw new EnvironmentError('PORT_TAKEN', `port ${port} on ${host} is taken by another process`, [
          `end what listens there (lsof -i :${port}), or choose another port`,
        ])
      }
      await sleep(RETRY_MS)
    }
  }
}

function listenOnce(host: string, port: number, onConnection: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({
      noDelay: true,
      allowHalfOpen: true,
      // Node drops what it has read ahead of a paused reader when the connection is reset. With this it reads ahead one
      // chunk at most, and does not notice a reset before that chunk has been taken.
      highWaterMark: 1,
    })
    server.on('connection', onConnection)
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject)
      // Accepting can fail later, such as for want of file descriptors; the client feels it, the door goes on.
      server.on('error', () => {})
      resolve(server)
    })
  })
}

/** Connects and hangs up: does the kernel refuse? */
export function isRefused(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PROBE_DEADLINE_MS })
    const settle = (refused: boolean) => {
      resolve(refused)
      socket.destroy()
    }
    socket.on('connect', () => settle(false))
    socket.on('timeout', () => settle(false))
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code === 'ECONNREFUSED'))
  })
}
