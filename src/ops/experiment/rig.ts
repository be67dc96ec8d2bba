import type { Door, Protocol } from '../faults/doors/door.js'
import type { Need } from '../faults/fault.js'
import { createRestDoor } from '../faults/doors/rest.js'
import { createTcpDoor } from '../faults/doors/tcp.js'
import type { RedisServer } from '../sandbox/sandbox.js'
import { startSandbox } from '../sandbox/start-sandbox.js'
import { startUpstashEndpoint } from '../sandbox/upstash/endpoint.js'
import type { Watchdog } from '../sandbox/watchdog.js'
import type { ProcessName } from './measurement.js'
import type { SubjectEnvironment } from './subjects/subject.js'
import { openSupabase, type DrillSupabase } from './supabase/open-supabase.js'

/** What a drill happens to: a server of its own and the door in front of it. */
export interface Rig {
  readonly server: RedisServer
  /** In front of `server`, or of the REST endpoint over it; open. */
  readonly door: Door
  /** Where the processes find their backend: one through the door, the other past it. */
  readonly environments: Readonly<Record<ProcessName, SubjectEnvironment>>
  /** The source of truth of subjects that have one; started when it is asked for first, and ended with the rig. */
  openSupabase(): Promise<DrillSupabase>
  /** What stands in for what is not real, for the report; of what has been opened by now. */
  readonly emulated: readonly string[]
  /** Kills the drill's processes if we die first. */
  readonly watchdog: Watchdog
  /** Ends everything and removes every trace. Idempotent. */
  close(): Promise<void>
}

export interface RigOptions {
  /** What the subject speaks to its backend. @default 'resp' */
  protocol?: Protocol
  /** What the fault needs besides a door. */
  needs?: Need | undefined
  signal?: AbortSignal | undefined
}

/** Errors: those of `startSandbox`, of the doors and of the endpoint; nothing is left running then. */
export async function openRig({ protocol = 'resp', signal }: RigOptions = {}): Promise<Rig> {
  const { redis: server, watchdog, stop } = await startSandbox({ signal })
  const closing: (() => Promise<void>)[] = [stop]
  const close = async () => {
    try {
      await closing.pop()?.()
    } finally {
      if (closing.length > 0) await close()
    }
  }
  try {
    const front = await (protocol === 'rest' ? restFront(server, closing) : respFront(server, closing))
    const emulated = [...front.emulated]
    let supabase: Promise<DrillSupabase> | undefined
    const open = async () => {
      const opening = openSupabase({ watchdog, signal })
      closing.push(() => opening.then((opened) => opened.close()).catch(() => undefined))
      await opening
      emulated.push('Supabase REST endpoint')
      return opening
    }
    return { server, watchdog, close, ...front, emulated, openSupabase: () => (supabase ??= open()) }
  } catch (error) {
    await close()
    throw error
  }
}

type Front = Pick<Rig, 'door' | 'environments' | 'emulated'>

/** @param closing gets what ends what was opened */
async function respFront(server: RedisServer, closing: (() => Promise<void>)[]): Promise<Front> {
  const door = await createTcpDoor({ upstream: { host: server.host, port: server.port } })
  closing.push(() => door.close())
  return {
    door,
    environments: {
      main: { redisUrl: `redis://${door.host}:${door.port}` },
      second: { redisUrl: server.url },
    },
    emulated: [],
  }
}

async function restFront(server: RedisServer, closing: (() => Promise<void>)[]): Promise<Front> {
  const endpoint = await startUpstashEndpoint({ redisUrl: server.url })
  closing.push(() => endpoint.stop())
  const { host, port, url, token } = endpoint
  const door = await createRestDoor({ upstream: { host, port } })
  closing.push(() => door.close())
  return {
    door,
    environments: {
      main: { redisUrl: null, upstash: { url: `http://${door.host}:${door.port}`, token } },
      second: { redisUrl: null, upstash: { url, token } },
    },
    emulated: ['Upstash REST endpoint'],
  }
}
