import type { CheckRecord, LimiterDeclaration } from './limiting.js'
import type { Instance, OperationRecord, ProcessName, Signal, Vitals } from './measurement.js'
import type { Plan } from './plan.js'
import type { SubjectEnvironment } from './subjects/subject.js'

/** What the engine tells a host. Times are absolute on the monotonic clock. */
export type ToHost =
  | { type: 'prepare'; process: ProcessName; subject: string; environment: SubjectEnvironment }
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
  | { type: 'prepared'; problem: string | null }
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
