import { createTcpDoor } from '../faults/doors/tcp.js'
import type { TcpDoor } from '../faults/doors/door.js'
import type { RedisServer } from '../sandbox/sandbox.js'
import { startSandbox } from '../sandbox/start-sandbox.js'
import type { Watchdog } from '../sandbox/watchdog.js'

/** What a drill happens to: a server of its own and the door in front of it. */
export interface Rig {
  readonly server: RedisServer
  /** In front of `server`; open. */
  readonly door: TcpDoor
  /** Kills the drill's processes if we die first. */
  readonly watchdog: Watchdog
  /** Ends everything and removes every trace. Idempotent. */
  close(): Promise<void>
}

/** Errors: those of `startSandbox` and `createTcpDoor`; nothing is left running then. */
export async function openRig(signal?: AbortSignal): Promise<Rig> {
  const sandbox = await startSandbox({ signal })
  try {
    const { redis: server, watchdog } = sandbox
    const door = await createTcpDoor({ upstream: { host: server.host, port: server.port } })
    return {
      server,
      door,
      watchdog,
      close: async () => {
        try {
          await door.close()
        } finally {
          await sandbox.stop()
        }
      },
    }
  } catch (error) {
    await sandbox.stop()
    throw error
  }
}
