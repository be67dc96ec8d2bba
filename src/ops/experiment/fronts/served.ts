import { createTcpDoor } from '../../faults/doors/tcp.js'
import { servedDoor } from '../../faults/doors/served-door.js'
import { startRedisServer } from '../../sandbox/redis-server.js'
import type { Backend } from './backend.js'
import { faultyServer } from './faulty-server.js'
import type { OpenFront } from './front.js'

/** A door whose server is harmed, and with it everybody who uses it. */
export const servedFront: OpenFront = async (backend, _watchdog, closing) => {
  const { host, port, emulated } = backend
  const door = await createTcpDoor({ upstream: { host, port } })
  closing.push(() => door.close())
  return {
    door: servedDoor(door, { server: faultyServer(backend.server) }),
    environments: environmentsOf(backend, door),
    emulated,
  }
}

/** Its server has a replica, which has all data when the drill begins. */
export const standbyFront: OpenFront = async (backend, watchdog, closing) => {
  const { host, port, emulated } = backend
  const other = await startRedisServer({ watchdog })
  closing.push(() => other.stop())
  const server = faultyServer(backend.server)
  const standby = faultyServer(other)
  // A primary waits five seconds for further replicas, which here never come; either may become one.
  for (const each of [server, standby]) await each.order(['CONFIG', 'SET', 'repl-diskless-sync-delay', '0'])
  await standby.follow(server)
  const door = await createTcpDoor({ upstream: { host, port } })
  closing.push(() => door.close())
  return {
    door: servedDoor(door, { server, standby }),
    environments: environmentsOf(backend, door),
    emulated,
  }
}

function environmentsOf(backend: Backend, door: { host: string; port: number }) {
  return { main: backend.environmentAt(door), second: backend.environmentAt(backend) }
}
