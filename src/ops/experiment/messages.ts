import type { CheckRecord, LimiterDeclaration } from './limiting.js'
import type { Instance, Measurement, OperationRecord, ProcessName, Signal, Vitals } from './measurement.js'
import type { ModuleReference } from './subjects/module/module-reference.js'
import type { Plan } from './plan.js'
import type { SubjectReference } from './subjects/reference.js'
import type { SubjectEnvironment } from './subjects/subject.js'

/** What the engine tells a host. Times are absolute on the monotonic clock. */
export type ToHost =
  | { type: 'prepare'; process: ProcessName; subject: SubjectReference; environment: SubjectEnvironment }
  /** Has a module's factory called once, and nothing else; `relied` are the methods that callers rely on. */
  | {
      type: 'describe'
      condition: Instance['condition']
      subject: ModuleReference
      environment: SubjectEnvironment
      relied: readonly string[]
    }
  | { type: 'warm'; keys: string[]; atOnce: number; deadlineMs: number }
  | { type: 'begin'; originMs: number; plan: Plan }
  | { type: 'fault'; atMs: number }
  | { type: 'heal'; atMs: number }
  /** Starts nothing new; what is in flight may still settle. */
  | { type: 'stop' }
  /** Waits up to `graceMs` for what is in flight, then hands in the rest as pending. */
  | { type: 'finish'; graceMs: number }
  /** Answers a `load` or `commit`. */
  | { type: 'version'; id: number; version: number }

/** What a host tells the engine. Times in records are relative to `originMs`. */
export type FromHost =
  /** `misuse`: the problem is what was asked for, and no harm of anything. */
  | { type: 'prepared'; problem: string | null; misuse?: Misuse; traits?: Traits }
  /** A process of the host's own has begun, or ended. */
  | { type: 'forked' | 'reaped'; pid: number }
  | { type: 'warmed'; settled: boolean; hitRatio: number }
  | { type: 'load'; id: number; key: string }
  | { type: 'commit'; id: number; key: string }
  | { type: 'operations'; records: OperationRecord[] }
  | { type: 'signals'; signals: Signal[]; dropped: number }
  | { type: 'limiters'; limiters: LimiterDeclaration[] }
  | { type: 'checks'; records: CheckRecord[] }
  | { type: 'vitals'; records: Vitals[] }
  | { type: 'instance'; instance: Instance }
  | { type: 'finished' }

/** What a UsageError says, as it crosses processes. */
export interface Misuse {
  code: string
  message: string
  suggestions: string[]
}

/** What a subject is, as far as only the process that has it can tell. */
export type Traits = Pick<Measurement, 'limiterAlone' | 'clients' | 'ttlLeftOut'>
