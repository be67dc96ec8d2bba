import { connect } from 'node:net'

/** Where clients look for Redis that were given no address. */
const USUAL_PORT = 6379
const LOOPBACK = ['127.0.0.1', '::1'] as const
const CONNECTS_WITHIN_MS = 300

/**
 * Why nobody else's code may be run here without an address, in one sentence; null when it may. No server of ours is ever at that
 * place, so whoever listens there is somebody's own, and would be written to.
 *
 * @param port for tests
 */
export async function redisAtUsualPlace(port = USUAL_PORT): Promise<string | null> {
  const taken = await Promise.all(LOOPBACK.map((host) => isTaken(host, port)))
  const host = LOOPBACK.find((_, index) => taken[index])
  if (host === undefined) return null
  return `something listens on ${host}:${port}, which is where clients go that were given no address (new Redis(undefined)): a drill would write into it`
}

function isTaken(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECTS_WITHIN_MS })
    const settle = (taken: boolean) => {
      socket.destroy()
      resolve(taken)
    }
    socket.once('connect', () => settle(true))
    // A full queue is a listener, too.
    socket.once('timeout', () => settle(true))
    socket.once('error', () => settle(false))
  })
}
