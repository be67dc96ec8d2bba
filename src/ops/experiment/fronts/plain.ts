import { createRestDoor } from '../../faults/doors/rest.js'
import { createTcpDoor } from '../../faults/doors/tcp.js'
import type { OpenFront } from './front.js'

/** A door, and nothing else. */
export const plainFront: OpenFront = async (backend, _watchdog, closing) => {
  const { host, port, protocol, emulated } = backend
  const open = protocol === 'rest' ? createRestDoor : createTcpDoor
  const door = await open({ upstream: { host, port } })
  closing.push(() => door.close())
  return {
    door,
    environments: { main: backend.environmentAt(door), second: backend.environmentAt(backend) },
    emulated,
  }
}
