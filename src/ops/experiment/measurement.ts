import type { ClauseId, Witness } from '../report/drill-report.js'
import type {
  KeyGroup,
  LoadRecord,
  OperationRecord,
  PhaseName,
  ProcessName,
  Signal,
  Vitals,
  WriteRecord,
} from '../report/drill-history.js'
import type { OptionValue } from '../client-options/read-options.js'
import type { Away } from '../faults/fault.js'
import type { ClientLibrary } from '../client-options/time-to-fallback.js'
import type { LimiterAlone, Limiting } from './limiting.js'

export type { KeyGroup, LoadRecord, OperationRecord, PhaseName, ProcessName, Signal, Vitals, WriteRecord }

// All times are milliseconds on the machine's monotonic clock (process.hrtime), which its processes share, counted
// from the first instant of the `before` phase.

/** Keys that share what precedes their last colon. */
export interface KeysLeft {
  prefix: string
  keys: number
  /** Of these, those that would stay for good. */
  withoutTtl: number
  /** 0 when none has a time to live. */
  longestTtlMs: number
}

/** What of the drill's was there when the subject's processes were gone. */
export interface Leftovers {
  /** By prefix, in its order. */
  keys: KeysLeft[]
  /** Through the door, of whoever still holds one. */
  connections: number
  /** Longest time to live that the subject declares for its keys; null when it says nothing. */
  declaredTtlMs: number | null
  /** What keys were looked for, on a server with others as well: those with this in their name. Absent: all are the subject's. */
  named?: string
}

/** What the subject's factory returned under a condition. */
export interface Instance {
  condition: 'healthy' | 'fault' | 'unconfigured'
  /** Constructor name; null when the factory returned null or undefined. */
  type: string | null
  /** Sorted names of the methods callers rely on that are there. */
  methods: string[]
  /** Those names, also of methods that are missing. Absent: `del`, `get` and `set`. */
  relied?: string[]
  /** What the factory threw instead of returning. */
  error: string | null
  /** Why it was not called, in one sentence. Absent: it was. */
  skipped?: string
}

/** A client, with those of its options that decide how long a call waits. */
export interface ClientInUse {
  library: ClientLibrary
  options: Record<string, OptionValue>
  /** Present when nobody knows its options, and of itself only what it said at the door, such as `ioredis@6.0.0`. */
  introducedAs?: string
}

/** Everything that one drill on one subject showed; the judge reads nothing else. */
export interface Measurement {
  fault: string
  subject: string
  seed: number
  ratePerSecond: number
  /** Just before the fault was applied; equal to `endMs` when the drill ended before it. */
  faultAtMs: number
  /** Once the fault was lifted, held bytes delivered; equal to `endMs` when the drill ended before it. */
  healAtMs: number
  /** Last instant at which an operation was due. What was in flight had a further grace period to settle. */
  endMs: number
  operations: OperationRecord[]
  writes: WriteRecord[]
  loads: LoadRecord[]
  signals: Signal[]
  /** What was sent to the backend by whoever meets the fault, over REST in requests. Absent: nobody understood it. */
  commands?: Record<PhaseName, number>
  /** Of `main`, in order of time. */
  vitals: Vitals[]
  /** Lines that the subject printed beyond those kept in `signals`. */
  signalsDropped: number
  instances: Instance[]
  /** Absent when the subject has no limiter. */
  limiting?: Limiting
  /** How late timers of the process in which the doors are fired, p99. Absent: nobody looked. */
  engineLagMs?: number
  /** In which ways Redis was away for the client, where the fault has some of those. */
  away?: readonly Away[]
  /** Absent when nobody could look. */
  leftovers?: Leftovers
  /** Lines in which the subject printed a secret of those that the drill gave it, and when the first came. Absent: none. */
  secretsTold?: { lines: number; firstMs: number }
  /** Present when the drill gave `set` no time to live, where an application may. */
  ttlLeftOut?: true
  /** Present when it is a limiter and no cache: each operation asked it once. */
  limiterAlone?: LimiterAlone
  /** The clients of Redis that it uses, as far as they are known: a module's were seen, an app's introduced themselves. */
  clients?: ClientInUse[]
  witness: Witness
  /** When a fault that was narrowed first did something. Absent: at `faultAtMs`. */
  metAtMs?: number
  /** Present when nothing that was stored before could be found during the fault, the counts of a limiter included. */
  dataLost?: true
  /** Present when the server itself was harmed, so that `second` met it as well. */
  metByAll?: true
  /** Present when the source of truth was what failed. */
  sourceTaken?: true
  /** And the backend at the same time, so that nothing could be answered from the cache. */
  backendTaken?: true
  /** The backend is asked over REST, as that of Upstash. */
  overRest?: true
  /** Present when a write reads the source first, to find whether it may be done: it then counts as a read, too. */
  writesRead?: true
  /**
   * Of an app that is asked from outside: what cannot be seen there, by clause, and why. Those are not judged. Absent: all can
   * be.
   */
  unseen?: Readonly<Partial<Record<ClauseId, string>>>
  /**
   * Of a subject whose hits nobody can tell: when it used the backend again, at the heal or later; null:
   * never. Absent: hits are told.
   */
  backendUsedAgainMs?: number | null
  /** There is no second process, so that what one leaves stale for another cannot be seen. */
  isAlone?: true
  /** Why the drill itself was not sound, in one sentence. Absent: it was, as far as it knows. */
  doubt?: string
  /** Set when the warm-up did not come to an end, so that there was no drill: why, in one sentence. */
  unprepared: string | null
  /** Set when the subject's process ended by itself: what happened, in one sentence. */
  died: string | null
  /** Set when a process did not hand in all that it had recorded: which, in one sentence. */
  incomplete: string | null
  /** Present when a stop condition ended the drill early: which, and what was seen, in one sentence. */
  stoppedBy?: string
  /** Set when a signal ended the drill early: the phase it was in. */
  interruptedIn: PhaseName | null
}
