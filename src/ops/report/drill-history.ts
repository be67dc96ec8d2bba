// All times are milliseconds on the machine's monotonic clock (process.hrtime), which its processes share, counted
// from the first instant of the `before` phase.

/**
 * Everything that was asked and answered in a drill, as it was judged: who doubts a verdict reads it here. No value is in it,
 * only versions; keys are the drill's own.
 */
export interface DrillHistory {
  /** In order of their start. */
  operations: OperationRecord[]
  writes: WriteRecord[]
  /** Empty where nobody could count them. */
  loads: LoadRecord[]
  signals: Signal[]
  vitals: Vitals[]
  /** Absent: there is no limiter. */
  checks?: CheckRecord[]
}

export type PhaseName = 'before' | 'during' | 'after'

/** `main` carries the workload and meets the fault; `second` has a connection of its own that does not. */
export type ProcessName = 'main' | 'second'

/**
 * `workload`: the seeded traffic. `revoked`: warm keys that `main` deletes during the fault. `contested`: keys that
 * `main` writes at the fault's start and `second` overwrites while the fault lasts. `raced`: keys
 * that `second` invalidates after the heal while `main` loads them. `joined`: keys that `main` itself invalidates meanwhile.
 */
export type KeyGroup = 'workload' | 'revoked' | 'contested' | 'raced' | 'joined'

export interface OperationRecord {
  /**
   * read = cache-aside read; put = write the source, then set; invalidate = write the source, then del. Where the subject has
   * a source of its own, either write is one of its own.
   */
  kind: 'read' | 'put' | 'invalidate'
  key: string
  group: KeyGroup
  process: ProcessName
  phase: PhaseName
  /** When the open-model schedule wanted it to start; latency counts from here. */
  dueMs: number
  startMs: number
  /** Null while it was still pending when the drill ended. */
  endMs: number | null
  /** What reached the caller instead of an answer. */
  error: string | null
  /** Version that a read answered, or that a write committed; null when there was none. */
  version: number | null
  /** Where a read's answer came from. */
  source: 'hit' | 'load' | null
  /** The key that the answer belongs to when it is not the one asked for; absent otherwise. */
  foreignKey?: string
  /** On whose behalf it was read, where the subject tells its viewers apart; absent: of one who may read it. */
  viewer?: Viewer
  /** This viewer was told that there is nothing for him. */
  denied?: true
  /** He got what is not shared with him. */
  forbidden?: true
  /** An earlier answer for the same version of the key had other content, where it is declared to be the same. */
  altered?: true
  /** What it answered had been changed by another caller: both were handed one and the same object. */
  shared?: true
  /** Of the answer, where there is HTTP between; absent without one. */
  status?: number
  /** The error tells by its type that the source of truth could not do what was asked. */
  clear?: true
  /** Nothing is known of what the answer should have held, and `version` is null for that. */
  opaque?: true
}

/** One committed version of a key in the source of truth. Every key starts at version 1, which nobody wrote. */
export interface WriteRecord {
  key: string
  version: number
  process: ProcessName
  committedMs: number
  /** When the whole write, cache included, returned to its caller; null while it never did. */
  acknowledgedMs: number | null
}

/** One read of the source of truth, counted by the source. */
export interface LoadRecord {
  key: string
  process: ProcessName
  atMs: number
}

/** What the process that meets the fault holds at an instant, ten times a second, unless it is too busy to look. */
export interface Vitals {
  atMs: number
  rssBytes: number
  /** TCP connections, those that are being made included. */
  sockets: number
  /** Operations that have not returned to their caller. */
  inFlight: number
  /** Bytes that the subject has printed since the drill began. */
  printedBytes: number
  /** For how long others have kept the process, or us who ask it, from running, since it began; absent where nobody says. */
  cpuWaitMs?: number
}

/** A sign of the outage that an operator could have seen. */
export interface Signal {
  kind: 'status' | 'log' | 'metric'
  atMs: number
  text: string
}

/** Who asks for a conversation: its owner, somebody else of the same tenant, or somebody of another one. */
export type Viewer = 'owner' | 'stranger' | 'outsider'

/** One check of a limiter, by the process that meets the fault; times as in a measurement. */
export interface CheckRecord {
  /** Name of the limiter. */
  limiter: string
  /** Whom it was about. Absent: the one who asks twice as often as he may. */
  identifier?: string
  startMs: number
  /** Null while it was still pending when the drill ended. */
  endMs: number | null
  /** What reached the caller instead of an answer. */
  error: string | null
  /** Null without an answer. */
  allowed: boolean | null
  /** False when the limiter said that it had not counted, so that its policy decided. */
  counted: boolean
}
