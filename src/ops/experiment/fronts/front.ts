import type { Door } from '../../faults/doors/door.js'
import type { Watchdog } from '../../sandbox/watchdog.js'
import type { ProcessName } from '../measurement.js'
import type { SubjectEnvironment } from '../subjects/subject.js'
import type { Backend } from './backend.js'
import type { Closing } from './closing.js'

/** The door that a drill's fault acts on, and how the two processes are told of what lies behind it. */
export interface Front {
  /** Open. */
  readonly door: Door
  /** Where the processes find their backend: one through the door, the other past it. */
  readonly environments: Readonly<Record<ProcessName, SubjectEnvironment>>
  /** Environment variables without which a process would not get there. Absent: none are needed. */
  readonly variables?: Readonly<Partial<Record<ProcessName, Readonly<Record<string, string>>>>>
  /** What stands in for what is not real, for the report. */
  readonly emulated: readonly string[]
}

/** Opens a front; what it has opened is in `closing`, also when it throws. */
export type OpenFront = (backend: Backend, watchdog: Watchdog, closing: Closing) => Promise<Front>
