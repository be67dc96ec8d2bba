import type { OutageReport } from './drill-report.js'
import type { LoadReport } from './load-report.js'

/**
 * What a run leaves behind: evidence that can be read, written anew in any format, and compared, long after it. It is a
 * journal of Chaos Toolkit, so that tools that read those read the file as it is; what a journal has no words for, such as
 * phases and clauses that were not judged, is in `report`.
 */
export interface RunRecord extends Journal {
  schema: 'cache.record/1'
  /** Its name on disk, and by which it is shown: when it began and what it was, such as `20261129T021033Z-stall-3f9a2c`. */
  id: string
  report: OutageReport | LoadReport
}

/** By the specification of Chaos Toolkit ("Experiment Journal"): times are RFC 3339 in UTC, durations seconds. */
export interface Journal {
  /** Empty, as none made it: readers of journals want the field, and then take what is newest. */
  'chaoslib-version': ''
  platform: string
  node: string
  start: string
  end: string
  duration: number
  /** `failed`: the steady state did not hold before the fault, or deviated. `aborted`: a stop condition ended it. */
  status: 'completed' | 'failed' | 'aborted' | 'interrupted'
  /** The steady state did not hold after the fault. */
  deviated: boolean
  experiment: {
    version: '1.0.0'
    title: string
    description: string
    tags: string[]
    'steady-state-hypothesis': { title: string; probes: JournalActivity[] }
    method: JournalActivity[]
    rollbacks: JournalActivity[]
  }
  /** Null: nothing of it was judged. */
  steady_states: { before: JournalSteadyState | null; after: JournalSteadyState | null; during: never[] }
  run: JournalRun[]
  rollbacks: JournalRun[]
}

export interface JournalActivity {
  type: 'action' | 'probe'
  name: string
  /** The command that it was part of, in short. An argument without a value has an empty one. */
  provider: { type: 'process'; path: 'cache'; arguments: Record<string, string> }
  /** Of a probe of the hypothesis: what its output has to be. */
  tolerance?: string
}

export interface JournalSteadyState {
  steady_state_met: boolean
  probes: JournalProbe[]
}

export interface JournalRun {
  activity: JournalActivity
  status: 'succeeded' | 'failed'
  start: string
  end: string
  duration: number
  output: string | null
}

export interface JournalProbe extends JournalRun {
  tolerance_met: boolean
  /** The numbers that decided, in one sentence; a field of ours. */
  evidence: string
}
