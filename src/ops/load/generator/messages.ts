import type { Probe, ProbeSet } from '../../config/probes/probe.js'
import type { LimiterDeclaration } from '../../experiment/limiting.js'
import type { Vitals, Signal } from '../../experiment/measurement.js'
import type { Misuse } from '../../experiment/messages.js'
import type { SubjectReference } from '../../experiment/subjects/reference.js'
import type { SubjectEnvironment } from '../../experiment/subjects/subject.js'
import type { Traffic } from './traffic.js'

/** What is put under load: something in the worker's own process, or an app that is asked over HTTP. */
export type Surface =
  | { type: 'subject'; subject: SubjectReference; environment: SubjectEnvironment }
  | {
      type: 'http'
      /** Of the app, on loopback. */
      origin: string
      /** Whatever `setup` captured is filled in already, except `{key}` and `{version}`. */
      endpoints: readonly { probe: Probe; weight: number }[]
      /** Reads and writes of keys, where the app declares them. */
      declared: Partial<Pick<ProbeSet, 'read' | 'write' | 'limit' | 'keys'>>
      /** What keys begin with. */
      keyPrefix: string
    }

/** What the engine tells a worker. Times are absolute on the monotonic clock. */
export type ToWorker =
  | { type: 'prepare'; surface: Surface; traffic: Traffic }
  /** Has every key read once, so that it is in the cache. */
  | { type: 'warm'; deadlineMs: number }
  /** What is due from `originMs` on is begun when it is due, until `finish`. */
  | { type: 'begin'; originMs: number }
  /** The fault is about to begin: what the subject prints from here on is worth keeping. */
  | { type: 'fault' }
  /**
   * Nothing that is due from `endMs` on is begun; waits up to `graceMs` for what is in flight, then hands in the rest. Null: now.
   */
  | { type: 'finish'; endMs: number | null; graceMs: number }

/**
 * Operations, a column for each property, in the order in which they settled; ms since `originMs`. They are sent ten times a
 * second, over a channel that keeps typed arrays (`serialization: 'advanced'`).
 */
export interface Batch {
  dueMs: Float64Array
  /** When it was begun. NaN: never, see `outcome`. */
  startMs: Float64Array
  /** NaN: it was never answered. */
  endMs: Float64Array
  /** See outcome.ts. */
  outcome: Uint32Array
}

/** As in a drill, and how much of a processor the process has used since it began. */
export interface LoadVitals extends Vitals {
  cpuMs: number
}

/** What a worker tells the engine. Times are ms since `originMs`. */
export type FromWorker =
  | { type: 'prepared'; problem: string | null; misuse?: Misuse }
  | { type: 'forked' | 'reaped'; pid: number }
  | { type: 'warmed'; settled: boolean; hitRatio: number }
  | { type: 'settled'; batch: Batch }
  /** When the source of truth was read, in order of time. Absent for subjects that have one of their own. */
  | { type: 'loads'; atMs: Float64Array }
  /** How late a thread beside the traffic woke, which shows the machine's lateness without the subject's. */
  | { type: 'beats'; lateMs: Float64Array }
  | { type: 'vitals'; records: LoadVitals[] }
  | { type: 'signals'; signals: Signal[]; dropped: number }
  | { type: 'limiters'; limiters: LimiterDeclaration[] }
  /**
   * The last of all: `batch` has what was never answered, and `unstarted` when what was due and could not be begun was due, as
   * the worker had no time for it before the end.
   */
  | { type: 'finished'; batch: Batch; unstarted: Float64Array }
