import type { Door } from '../../../faults/doors/door.js'
import { createRestDoor } from '../../../faults/doors/rest.js'
import { createTcpDoor } from '../../../faults/doors/tcp.js'
import { upstreamOf } from '../../../faults/doors/upstream.js'
import { startWatchdog } from '../../../sandbox/watchdog.js'
import { connectionsLeft } from '../../leftovers.js'
import { monotonicMs } from '../../monotonic.js'
import type { AppSpec } from '../app.js'
import type { AppSite, AppSource } from '../site.js'
import { keysNamed } from './keys-left.js'
import { ownEnvironment } from './own-environment.js'
import type { OwnServer } from './guarded-server.js'

export interface OwnSite extends AppSite {
  /** Closes the doors. Idempotent. */
  close(): Promise<void>
}

/** Of the keys that the app writes there only those are its drill's. */
const NO_KEYS =
  'no probe is about keys of the drill, and what else is on the server of the app is not looked into; declare `read` and `write` probes in a --probes file'

/**
 * Opens doors in front of servers that are not ours. Through them goes what the app sends; besides, its keys of the drill are
 * counted there in the end, and nothing is ever written.
 */
export async function openOwnSite(
  spec: Pick<AppSpec, 'env'>,
  servers: readonly OwnServer[],
): Promise<OwnSite> {
  const watchdog = startWatchdog()
  const doors = new Map<OwnServer, Door>()
  const loads: number[] = []
  const close = async () => {
    await Promise.all([...doors.values()].map((door) => door.close()))
    await watchdog.stop()
  }
  try {
    for (const server of servers.filter(({ hasDoor }) => hasDoor))
      doors.set(server, await openDoor(server, loads))
  } catch (error) {
    await close()
    throw error
  }
  const opened = [...doors].map(([server, door]) => ({ server, door }))
  const backend = opened.find(({ server }) => server.service !== 'supabase')
  if (!backend) throw new Error('no server has a door')
  const never = new Promise<string>(() => undefined)
  return {
    door: backend.door,
    server: { died: never },
    watchdog,
    emulated: [],
    openSource: () => Promise.resolve(sourceAt(opened, loads, never)),
    environmentFor: ({ env }) =>
      ownEnvironment(
        { env },
        servers.map((server) => ({ server, door: doors.get(server) ?? null })),
      ),
    async leftBy(keyPrefix) {
      if (keyPrefix === null) return null
      const connections = await connectionsLeft(backend.door)
      const keys = await keysNamed(keyPrefix, { server: backend.server, env: spec.env })
      return keys && { keys, connections, declaredTtlMs: null, named: keyPrefix }
    },
    leftUnseen: (keyPrefix) => (keyPrefix === null ? NO_KEYS : undefined),
    close,
  }
}

function openDoor({ service, url }: OwnServer, loads: number[]): Promise<Door> {
  const upstream = upstreamOf(url)
  if (service === 'redis') return createTcpDoor({ upstream })
  if (service === 'upstash') return createRestDoor({ upstream })
  return createRestDoor({
    upstream,
    protocol: 'postgrest',
    onRequest: ({ method }) => {
      if (method === 'GET' || method === 'HEAD') loads.push(monotonicMs())
    },
  })
}

function sourceAt(
  opened: readonly { server: OwnServer; door: Door }[],
  loads: number[],
  died: Promise<string>,
): AppSource {
  const found = opened.find(({ server }) => server.service === 'supabase')
  if (!found) throw new Error('the app has no Supabase')
  return {
    door: found.door as AppSource['door'],
    died,
    loadsSince: (originMs) =>
      loads
        .filter((atMs) => atMs >= originMs)
        .map((atMs) => ({ key: '(none)', process: 'main', atMs: atMs - originMs })),
    takeLoads: () => loads.splice(0),
  }
}
