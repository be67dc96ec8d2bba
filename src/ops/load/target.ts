import type { Disturbance } from '../experiment/disturbs.js'
import type { LimiterDeclaration } from '../experiment/limiting.js'
import type { Signal } from '../experiment/measurement.js'
import type { Stopped } from '../experiment/stopping.js'
import type { LoadVitals, Surface } from './generator/messages.js'
import type { LoadRun } from './load-run.js'
import type { PartOf } from './parts.js'

/** What is put under load, opened and ready for a worker, and what is taken away from it. */
export interface LoadTarget {
  readonly name: string
  readonly surface: Surface
  /** Environment variables without which the worker would not get there. Absent: none are needed. */
  readonly variables?: Readonly<Record<string, string>> | undefined
  /** Why it cannot be put under load; absent: it can. */
  readonly problem?: Stopped | undefined
  readonly disturbance: Disturbance
  /** Whose end is our fault, and ends the run. */
  readonly servers: readonly { died: Promise<string> }[]
  /** What to reject with then. Absent: that a server of ours did not last. */
  readonly serverLost?: ((what: string) => Error) | undefined
  /** Processes of the app; when one ends, the subject has died. None for a subject, whose process is the worker. */
  readonly processes: readonly { ended: Promise<string> }[]
  /** Kills a process of ours if we die first. */
  readonly watchdog: { watch(pid: number): void; forget(pid: number): void }
  /** The traffic begins: times of what `take` gives count from here. */
  begin(originMs: number): void
  /** The fault is about to begin. */
  fault(): void
  /** What was seen beside the worker since the last call, in order of time. */
  take(): { loads: number[]; vitals: LoadVitals[]; signals: Signal[] }
  /** Why the fault cannot reach it, just before the fault, in one sentence; null: it can. */
  unused(): string | null | Promise<string | null>
  readonly limiters: readonly LimiterDeclaration[]
  /** Absent: families of the traffic, and limiters. */
  readonly partOf?: PartOf | undefined
  readonly apart: LoadRun['apart']
  readonly hitsUnseen: boolean
  readonly loadsUnseen: boolean
  readonly environment: LoadRun['environment']
  /** Ends everything and removes every trace. Idempotent. */
  close(): Promise<void>
}
