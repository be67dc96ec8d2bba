import type { TargetReport } from './keys-report.js'
import type { Report } from './report.js'

/** What `keys restore` would bring back, or brought back. */
export interface RestoreReport extends Report {
  command: 'keys restore'
  target: TargetReport
  file: string
  /** The purge that took the keys, and when it began. */
  purge: { id: string; at: string }
  mode: 'dry-run' | 'apply'
  overwrite: boolean
  result: RestoreResult
  /** The command line that does it. */
  apply: string
}

export interface RestoreCounts {
  /** In a dry run: that would be. */
  restored: number
  /** Were shortened by a fade, and have their lifetime again. */
  lengthened: number
  /** There again by now, and left as they are. */
  present: number
  /** Would have expired by now. */
  expired: number
  /** The server does not take the value. */
  refused: number
  /** Of nodes that cannot be asked. */
  unreachable: number
  /** Sent, and no answer came: restored or not. */
  unknown: number
}

export interface RestoreResult extends RestoreCounts {
  /** Keys in the undo file. */
  records: number
  /** By family; `orphans` for keys of none. */
  kinds: Record<string, number>
  /** What the server said of the first value that it refused. */
  refusal: string | null
  complete: boolean
  durationMs: number
}
