import { randomBytes } from 'node:crypto'
import type { Protocol } from '../faults/doors/door.js'
import type { Need } from '../faults/fault.js'
import type { RedisServer } from '../sandbox/sandbox.js'
import { startSandbox } from '../sandbox/start-sandbox.js'
import type { Watchdog } from '../sandbox/watchdog.js'
import { openBackend } from './fronts/backend.js'
import type { Closing } from './fronts/closing.js'
import type { Front } from './fronts/front.js'
import { frontFor } from './fronts/index.js'
import { findLeftovers } from './leftovers.js'
import type { Leftovers } from './measurement.js'
import { openSupabase, type DrillSupabase } from './supabase/open-supabase.js'

/** Where a drill happens: a server and the door in front of it. */
export interface Site extends Front {
  readonly server: Pick<RedisServer, 'died'>
  /** The source of truth of subjects that have one; started when it is asked for first, and ended with the site. */
  openSupabase(): Promise<DrillSupabase>
  /**
   * What the drill has left on the server, once its processes are gone; null when that does not answer.
   *
   * @param declaredTtlMs the longest time to live that the subject declares for its keys; null when it says nothing
   */
  findLeftovers(declaredTtlMs: number | null): Promise<Leftovers | null>
  /** Kills the drill's processes if we die first. */
  readonly watchdog: Watchdog
}

/** A site of our own. */
export interface Rig extends Site {
  /** Behind the door, where nothing else is: a REST endpoint over it. */
  readonly server: RedisServer
  /** What stands in for what is not real, for the report; of what has been opened by now. */
  readonly emulated: readonly string[]
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
export async function openRig({ protocol = 'resp', needs, signal }: RigOptions = {}): Promise<Rig> {
  const password = needs === 'password' ? randomBytes(24).toString('hex') : undefined
  const { redis: server, watchdog, stop } = await startSandbox({ requirepass: password, signal })
  const closing: Closing = [stop]
  const close = async () => {
    try {
      await closing.pop()?.()
    } finally {
      if (closing.length > 0) await close()
    }
  }
  try {
    const backend = await openBackend(protocol, { server, password }, closing)
    const front = await frontFor(needs)(backend, watchdog, closing)
    const emulated = [...front.emulated]
    let supabase: Promise<DrillSupabase> | undefined
    const open = async () => {
      const opening = openSupabase({ watchdog, signal })
      closing.push(() => opening.then((opened) => opened.close()).catch(() => undefined))
      await opening
      emulated.push('Supabase REST endpoint')
      return opening
    }
    return {
      server,
      watchdog,
      close,
      ...front,
      emulated,
      openSupabase: () => (supabase ??= open()),
      findLeftovers: (declaredTtlMs) => findLeftovers({ server, password, door: front.door }, declaredTtlMs),
    }
  } catch (error) {
    await close()
    throw error
  }
}
