import type { ClauseId, Witness } from '../report/drill-report.js'
import type { Door, DoorCounts, Protocol } from './doors/door.js'

/**
 * What a rig must bring for a fault to happen, besides a door; the door that the fault is given is then of a kind that can do
 * it. `tls`: the subject speaks TLS to it and trusts who signed its certificate. `name`: the subject finds it by a name that we
 * answer for. `password`: the server asks for one, and the subject has it. `server`: the server behind it is ours to harm.
 * `standby`: so is it, and it has a replica. `unset`: the subject is told of no backend. `clock`: the subject's process has one of its own.
 * `pause`: the server can be told to let its clients wait.
 */
export type Need = 'tls' | 'name' | 'password' | 'server' | 'standby' | 'unset' | 'clock' | 'pause'

/** Whether it harms the server's process, or its data. */
export function harmsServer({ needs }: Pick<FaultTraits, 'needs'>): boolean {
  return needs === 'server' || needs === 'standby'
}

/** Whether everybody meets it, whichever way he comes: it happens to the server, and not on the way to it. */
export function isMetByAll(fault: Pick<FaultTraits, 'needs'>): boolean {
  return harmsServer(fault) || fault.needs === 'pause'
}

/** What a failure is to those who suffer and those who judge it. */
export interface FaultTraits {
  /** Kebab-case; also the drill's name and the docs page. */
  name: string
  /** What the victim sees, in one sentence; feeds `--list`, the report and the README. */
  summary: string
  /** What may be spoken through the door that it is applied to. */
  protocols: readonly Protocol[]
  /** Absent: nothing. */
  needs?: Need
  /** Clauses that this fault can break, and that are judged for it. */
  breaks: readonly ClauseId[]
  /** Why the others are not judged, a sentence for each: what the drill cannot see, or what the fault leaves alone. */
  spares?: Readonly<Partial<Record<ClauseId, string>>>
  /**
   * In which of the ways Redis is away for a client, whose waiting is known from its options: one of them for what finds no
   * connection and one, where that is another, for what has one. Absent: in none of them.
   */
  away?: readonly Away[]
  /** Nothing that was stored before can be found while it lasts, the counts of a limiter included. */
  losesData?: true
  /** It takes away what the server keeps, and not only what is heard of it: the server must be one of ours. */
  altersData?: true
  /**
   * Longest that a good client may take to look again, where looking sooner would not mend it and costs something.
   * Recovery (C8) has as much longer; the delivery of invalidations (C9) has not. Absent: no longer.
   */
  looksAgainWithinMs?: number
  /**
   * It is the source of truth that fails, and nothing else. C1 then asks that whoever needs the source is told so by a
   * clear error, and that whoever is answered from the cache notices nothing.
   */
  takesSource?: true
  /**
   * Longest that a good caller waits for a source that may still answer, in ms: a deadline, and the queue before it. C3
   * has as much longer. Absent: no longer.
   */
  sourceWaitMs?: number
}

/**
 * `refused`: connections are refused or cut at once. `stalled`: accepted, and nothing is answered. `unreachable`: nobody
 * answers to a new connection. `loading`: every command is refused until a new server has its data.
 */
export type Away = 'refused' | 'stalled' | 'unreachable' | 'loading'

/**
 * One way in which a backend fails, described from the victim's side.
 *
 * A fault is a value: it keeps no state, so that one fault serves many drills at once. It acts on a door and never on
 * a server. `lift` must be safe to call twice and without `apply`.
 *
 * `D` is the kind of door that it needs; it must only be given one of its `protocols`.
 */
export interface Fault<D extends Door = Door> extends FaultTraits {
  apply(door: D): Promise<void>
  lift(door: D): Promise<void>
  /**
   * Did the subject meet the fault? Compares the door's counts just before `apply` with those just before `lift`, or
   * after it.
   */
  witness(atFault: DoorCounts, atHeal: DoorCounts): Witness
}

/** Of the network between a service and its backend, which does not look at what is spoken. */
export const ANY_PROTOCOL: readonly Protocol[] = ['resp', 'rest']
