import type { RecordListReport } from '../report/record-list-report.js'
import { listRecords } from './list-records.js'

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
    records,
    ...(unusable.length > 0 && { warnings: unusable }),
  }
}
