import type { RestDoor } from '../../faults/doors/door.js'
import { createRestDoor } from '../../faults/doors/rest.js'
import { startSupabase } from '../../sandbox/supabase/start-supabase.js'
import type { Watchdog } from '../../sandbox/watchdog.js'
import { GROUP_SIZES, keysOf } from '../keys.js'
import type { KeyGroup, LoadRecord, ProcessName } from '../measurement.js'
import { monotonicMs } from '../monotonic.js'
import { idsIn, recordOf } from '../records.js'
import type { SubjectEnvironment } from '../subjects/subject.js'
import { readStamps, seed, type Stamps } from './stamps.js'

/** The Supabase of a drill, with its records in it and a door in front of it. */
export interface DrillSupabase {
  /** In front of it, for the process that meets the fault; open. */
  readonly door: RestDoor
  /** Where the processes find it: one through the door, the other past it. */
  readonly environments: Readonly<Record<ProcessName, NonNullable<SubjectEnvironment['supabase']>>>
  /** By key: when the database says that its record was created, in ms since the epoch. */
  readonly created: Stamps
  /** The same of now, read past the door. */
  latest(): Promise<Stamps>
  /** What reached the door and asks for records without changing them, in milliseconds since `originMs`. */
  loadsSince(originMs: number): LoadRecord[]
  /** When it was read since the last call, in order, on the monotonic clock. What was taken is kept no longer. */
  takeLoads(): number[]
  /** Resolves, with what happened, if its database ends without having been asked to. */
  readonly died: Promise<string>
  /** Ends it and removes every trace. */
  close(): Promise<void>
}

/** Errors: those of `startSupabase` and of the door, and EnvironmentError `SUPABASE_FAILED`; nothing is left running then. */
export async function openSupabase(options: {
  watchdog: Watchdog
  signal?: AbortSignal | undefined
}): Promise<DrillSupabase> {
  const { watchdog, signal } = options
  const service = await startSupabase({ watchdog, signal })
  try {
    const { url, serviceRoleKey, host, port } = service
    const groups = (Object.keys(GROUP_SIZES) as KeyGroup[]).filter(
      (group) => group !== 'raced' && group !== 'joined',
    )
    const keys = groups.flatMap(keysOf)
    const created = await seed(keys, service)
    const keyOf = new Map(keys.map((key) => [recordOf(key).id, key]))
    const loads: { key: string; atMs: number }[] = []
    const door = await createRestDoor({
      upstream: { host, port },
      protocol: 'postgrest',
      onRequest: ({ method, target }) => {
        if (method !== 'GET' && method !== 'HEAD') return
        const key =
          idsIn(target)
            .map((id) => keyOf.get(id))
            .find(Boolean) ?? '(none)'
        loads.push({ key, atMs: monotonicMs() })
      },
    })
    return {
      door,
      environments: {
        main: { url: `http://${door.host}:${door.port}`, serviceRoleKey },
        second: { url, serviceRoleKey },
      },
      created,
      latest: () => readStamps(keys, service),
      died: service.died,
      takeLoads: () => loads.splice(0).map(({ atMs }) => atMs),
      loadsSince: (originMs) =>
        loads
          .filter(({ atMs }) => atMs >= originMs)
          .map(({ key, atMs }) => ({ key, process: 'main', atMs: atMs - originMs })),
      async close() {
        try {
          await door.close()
        } finally {
          await service.stop()
        }
      },
    }
  } catch (error) {
    await service.stop()
    throw error
  }
}
