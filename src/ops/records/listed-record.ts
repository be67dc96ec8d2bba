import type { ListedRecord } from '../report/record-list-report.js'
import type { SavedRun } from './read-run.js'

/** What a list shows of a run. */
export function listedRecord(
  { id, start, end }: NonNullable<SavedRun['record']>,
  report: SavedRun['report'],
): ListedRecord {
  const { command, subject, verdict, interrupted } = report
  return {
    id,
    start,
    seconds: Math.max(0, Date.parse(end) - Date.parse(start)) / 1000,
    command,
    subject,
    drills: report.command === 'load-test' ? [report.fault] : report.drills.map(({ name }) => name),
    verdict,
    ...(interrupted && { interrupted }),
  }
}
