import type { Report, Verdict } from './report.js'

/** One run that was kept. */
export interface ListedRecord {
  id: string
  /** ISO 8601. */
  start: string
  /** How long the whole run took. */
  seconds: number
  command: 'simulate-outage' | 'load-test'
  subject: string
  /** Its drills, or the fault of a load test. */
  drills: string[]
  /** Of the run; the list itself has none. */
  verdict: Verdict
  interrupted?: true
}

export interface RecordListReport extends Report {
  command: 'report list'
  directory: string
  /** Newest first. */
  records: ListedRecord[]
}
