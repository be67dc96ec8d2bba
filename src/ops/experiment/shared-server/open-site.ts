import { createOperatorClient } from '../../../library/backends/operator.js'
import { pausedDoor } from '../../faults/doors/paused-door.js'
import { createTcpDoor } from '../../faults/doors/tcp.js'
import { startWatchdog } from '../../sandbox/watchdog.js'
import { pausableServer } from '../fronts/pausable-server.js'
import { connectionsLeft } from '../leftovers.js'
import type { Site } from '../rig.js'
import { ownKeys } from './own-keys.js'

const ORDER_DEADLINE_MS = 3000

/** A site on a server that is not ours, and that others use meanwhile. */
export interface SharedSite extends Site {
  /** Closes the door, and takes away what the drill has written. Null when the server does not answer. */
  removeKeys(): Promise<{ removed: number; left: number } | null>
  /** Has clients served again, and ends everything. Keys stay, if they are not removed before. Idempotent. */
  close(): Promise<void>
}

/**
 * Opens a door in front of a server that may be paused, and may not be harmed.
 *
 * @param url of the server, credentials included: the subject logs in with them, through the door and past it
 * @param keyPrefix random; what all keys of the drill begin with
 */
export async function openSharedSite(url: string, keyPrefix: string): Promise<SharedSite> {
  const { hostname, port: given, protocol } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const port = given === '' ? 6379 : Number(given)
  const watchdog = startWatchdog()
  const server = pausableServer(url, `${keyPrefix}:no-such-key`)
  const keys = ownKeys(() => createOperatorClient({ url, deadlineMs: ORDER_DEADLINE_MS }), keyPrefix)
  const tcp = await createTcpDoor({ upstream: { host, port, tls: protocol === 'rediss:' } }).catch(
    async (error: unknown) => {
      await watchdog.stop()
      throw error
    },
  )
  const door = pausedDoor(tcp, server)
  return {
    door,
    server: { died: new Promise(() => undefined) },
    environments: {
      main: { redisUrl: throughDoor(url, door), keyPrefix },
      second: { redisUrl: url, keyPrefix },
    },
    variables: { second: authorities() },
    emulated: [],
    watchdog,
    openSupabase: () => Promise.reject(new Error('there is no Supabase here')),
    async findLeftovers(declaredTtlMs) {
      const connections = await connectionsLeft(door)
      const found = await keys.look().catch(() => null)
      return found && { keys: found, connections, declaredTtlMs }
    },
    async removeKeys() {
      // What is on its way through the door would come after us.
      await door.close()
      return keys.remove().catch(() => null)
    },
    async close() {
      try {
        await server.resume()
        await door.close()
      } finally {
        await watchdog.stop()
      }
    },
  }
}

/** Whom this process trusts besides the usual: hosts get nothing of our environment but what they need. */
function authorities(): Record<string, string> {
  const file = process.env['NODE_EXTRA_CA_CERTS']
  return file ? { NODE_EXTRA_CA_CERTS: file } : {}
}

/** The same user, password and database, and the door speaks TLS where it has to be spoken. */
function throughDoor(url: string, { host, port }: { host: string; port: number }): string {
  const { username, password, pathname, search } = new URL(url)
  const login = username || password ? `${username}:${password}@` : ''
  return `redis://${login}${host}:${port}${pathname}${search}`
}
