import { UsageError } from '../report/errors.js'
import { readSavedReport, type SavedReport } from './saved-report.js'

/**
 * Reads several, in the order of their names.
 *
 * @throws UsageError as `readSavedReport` does, and when stdin is to be read twice
 */
export async function readSavedReports(files: readonly string[]): Promise<SavedReport[]> {
  if (files.filter((file) => file === '-').length > 1) {
    throw new UsageError('STDIN_TWICE', 'Only one report can come from stdin, and - is named twice.', [
      'name a file in place of one of them',
    ])
  }
  const saved: SavedReport[] = []
  for (const file of files) saved.push(await readSavedReport(file))
  return saved
}
