import type { Estimate, TargetReport } from './keys-report.js'
import type { Report, ReportError } from './report.js'

/** What `keys purge` would do, or did. */
export interface PurgeReport extends Report {
  command: 'keys purge'
  target: TargetReport
  selection: SelectionReport
  method: MethodReport
  /** Whether what stood under a key is written down before it goes. */
  keepsUndo: boolean
  mode: 'dry-run' | 'plan' | 'apply'
  plan: PurgePlan
  /** Null when nothing was tried. */
  result: PurgeResult | null
  /** The command line that carries the plan out. */
  apply: string
  /** The plan file that was written or carried out. */
  planFile: string | null
  /** Directory with what was done, and with the undo file; null when nothing was tried. */
  ledger: string | null
  /** The command line that brings the keys back; null without an undo file. */
  undo: string | null
  /** The command line that goes on; null when nothing was tried. */
  resume: string | null
}

/** Which keys were asked for: one family or one glob, narrowed by conditions. */
export interface SelectionReport {
  family: string | null
  /** The family's, as it was declared. */
  pattern: string | null
  match: string | null
  /** `no-ttl`, `PARAM=VALUE`. */
  where: string[]
}

export interface MethodReport {
  kind: 'unlink' | 'fade'
  /** The span of a fade; null for unlink. */
  overMs: number | null
  /** Keys per second at most; null: as fast as the server allows. */
  maxRate: number | null
}

export interface PurgePlan {
  keys: number
  /** By family; `orphans` for keys of none. */
  kinds: Record<string, number>
  nodes: NodePlan[]
  memoryBytes: Estimate | null
  /** Some of the keys, masked. */
  examples: string[]
  /** Keys that the family's glob lets through and its pattern or the conditions do not; they are never touched. */
  lookAlikes: number
  /** False when not all keys were looked at, so that there may be more. */
  complete: boolean
  durationMs: number
  /** What users and the database will feel. */
  effect: string
  /**
   * At most so many reads of the database per second on top of the usual: each key is asked for once more, and no faster
   * than the keys go away. Null: as fast as they are asked for again.
   */
  extraReadsPerSecond: number | null
}

/** What one server that holds keys has of them. */
export interface NodePlan {
  address: string
  keys: number
  complete: boolean
  error?: ReportError
}

/** What became of the keys of a purge, in all or on one node. */
export interface PurgeCounts {
  deleted: number
  /** Live shorter now, and expire by themselves. */
  faded: number
  /** Left as they were, since they expire within the span of the fade anyway. */
  expiring: number
  /** Invalidations in flight, which expire by themselves within seconds. */
  tombstonesLeft: number
  /** Were gone when their turn came. */
  gone: number
  /** No longer met `--where` when their turn came. */
  spared: number
  /** Were written again at every attempt, and are still there. */
  contended: number
  /** Have moved to another node of the cluster, and are still there. */
  moved: number
  /** Sent, and no answer came: done or not. */
  unknown: number
}

export interface NodeResult extends PurgeCounts {
  address: string
  /** Every key that this node held was dealt with. */
  complete: boolean
  error?: ReportError
}

export interface PurgeResult extends PurgeCounts {
  complete: boolean
  durationMs: number
  /** Round trips of the commands that changed something, as this connection saw them; null when there were none. */
  roundTripMs: { p50: number; p99: number; idle: number } | null
  /** How long was waited, in all, to spare the server or to keep to the rate. */
  restedMs: number
  nodes: NodeResult[]
}
