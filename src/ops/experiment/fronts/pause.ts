import { createTcpDoor } from '../../faults/doors/tcp.js'
import { pausedDoor } from '../../faults/doors/paused-door.js'
import type { OpenFront } from './front.js'
import { pausableServer } from './pausable-server.js'

/** A door whose server is told to let everybody wait. */
export const pauseFront: OpenFront = async (backend, _watchdog, closing) => {
  const { host, port, emulated } = backend
  const door = await createTcpDoor({ upstream: { host, port } })
  closing.push(() => door.close())
  const server = pausableServer(backend.server.url)
  closing.push(() => server.resume())
  return {
    door: pausedDoor(door, server),
    environments: { main: backend.environmentAt(door), second: backend.environmentAt(backend) },
    emulated,
  }
}
