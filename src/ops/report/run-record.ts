import type { OutageReport } from './drill-report.js'
import type { LoadReport } from './load-report.js'

/** What a run leaves behind: evidence that can be read, written anew in any format, and compared, long after it. */
export interface RunRecord {
  schema: 'cache.record/1'
  /** Its name on disk, and by which it is shown: when it began and what it was, such as `20261129T021033Z-stall-3f9a`. */
  id: string
  report: OutageReport | LoadReport
  /**
   * The same run in the words of a Chaos Toolkit journal, for tools that read those (chaostoolkit.org, "Journal"): what it
   * has no words for, the clauses among it, is in `report`.
   */
  journal: Journal
}

/** Times are ISO 8601 in UTC, durations seconds, as there. */
export interface Journal {
  platform: string
  node: string
  start: string
  end: string
  duration: number
  status: 'completed' | 'failed' | 'aborted' | 'interrupted'
  /** The steady state did not hold after the fault. */
  deviated: boolean
  experiment: {
    title: string
    description: string
    tags: string[]
    'steady-state-hypothesis': { title: string; probes: JournalActivity[] }
    method: JournalActivity[]
    rollbacks: JournalActivity[]
  }
  steady_states: { before: JournalSteadyState | null; after: JournalSteadyState | null; during: never[] }
  run: JournalRun[]
  rollbacks: JournalRun[]
}

export interface JournalActivity {
  type: 'action' | 'probe'
  name: string
}

export interface JournalSteadyState {
  steady_state_met: boolean
  probes: JournalRun[]
}

export interface JournalRun {
  activity: JournalActivity
  status: 'succeeded' | 'failed'
  start: string
  end: string
  duration: number
  output: unknown
  /** Of a probe: what it was to be is what it was. */
  tolerance_met?: boolean
}
