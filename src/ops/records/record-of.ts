import type { OutageReport } from '../report/drill-report.js'
import type { LoadReport } from '../report/load-report.js'
import type { Journal, RunRecord } from '../report/run-record.js'
import type { FaultSpan } from './fault-spans.js'
import { drillJournal } from './drill-journal.js'
import { loadJournal } from './load-journal.js'
import { secondsBetween } from './journal-run.js'

/** What a report does not say of its run. */
export interface RunFacts {
  id: string
  /** ISO 8601 in UTC. */
  startedAt: string
  endedAt: string
  /** The machine, such as `Linux-6.1.0-x64`, and its name. */
  platform: string
  node: string
  /** One for each drill, or each run of a load test; what has none is not in the journal's `run`. */
  spans: readonly FaultSpan[]
}

/**
 * The record of a run. Pure: the same report and facts give the same record. Secrets are not taken out of it.
 *
 * @returns null for a report of a run that measured nothing, which is no evidence of anything
 */
export function recordOf(report: OutageReport | LoadReport, facts: RunFacts): RunRecord | null {
  const measured = report.command === 'load-test' ? report.phases : report.drills
  if (measured.length === 0) return null
  // What could not be written afterwards is no part of what was measured.
  const { error: _error, ...kept } = report
  const { id, startedAt, endedAt, platform, node } = facts
  const told = report.command === 'load-test' ? loadJournal(report, facts) : drillJournal(report, facts)
  return {
    schema: 'cache.record/1',
    id,
    'chaoslib-version': '',
    platform,
    node,
    start: startedAt,
    end: endedAt,
    duration: secondsBetween(startedAt, endedAt),
    status: statusOf(report, told),
    deviated: told.steady_states.after?.steady_state_met === false,
    ...told,
    report: kept,
  }
}

type Told = Pick<Journal, 'experiment' | 'steady_states' | 'run' | 'rollbacks'>

function statusOf(
  { interrupted, stoppedBy }: OutageReport | LoadReport,
  { steady_states: { before, after } }: Told,
): Journal['status'] {
  if (interrupted) return 'interrupted'
  if (stoppedBy !== undefined) return 'aborted'
  const isMet = before?.steady_state_met !== false && after?.steady_state_met !== false
  return isMet ? 'completed' : 'failed'
}
