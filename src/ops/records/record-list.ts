import type { ListedRecord, RecordListReport } from '../report/record-list-report.js'
import { listRecords, type FoundRecord } from './list-records.js'

/**
 * The records of a directory, newest first, as a report; what is no record of a run is in its warnings.
 *
 * @throws UsageError when the directory cannot be read; that there is none is no error
 */
export async function reportRecords(directory: string): Promise<RecordListReport> {
  const { records, unusable } = await listRecords(directory)
  return {
    schema: 'cache.report-list/1',
    command: 'report list',
    verdict: 'pass',
    directory,
    records: records.map(listed),
    ...(unusable.length > 0 && { warnings: unusable }),
  }
}

function listed({ id, start, end, report }: FoundRecord): ListedRecord {
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
