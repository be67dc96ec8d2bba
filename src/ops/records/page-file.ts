import { open, unlink } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { EnvironmentError, UsageError } from '../report/errors.js'
import { pageOf } from './place.js'
import type { SavedRun } from './read-run.js'

/**
 * Makes an empty file beside a record for the page of it, its owner's alone (0600); one that was there is replaced. It goes with its record,
 * where that is one of those that are pruned.
 *
 * @returns what the record says of its run, and the absolute path of the file
 * @throws UsageError for a run that has no record, and for one from stdin, which is nowhere; EnvironmentError `PAGE_NOT_WRITTEN`
 */
export async function makePageFile({
  record,
  file,
}: SavedRun): Promise<NonNullable<SavedRun['record']> & { file: string }> {
  if (record === null) {
    throw new UsageError(
      'NOT_A_RECORD',
      `${JSON.stringify(file)} is a report alone, and no record: there is no place for a page of it.`,
      [`cache report show ${file} --output html=report.html`],
    )
  }
  if (file === '-') {
    throw new UsageError('NOT_A_FILE', 'A record from stdin is no file that a page could be beside.', [
      'cache report show - --output html=report.html',
    ])
  }
  const page = resolve(dirname(file), pageOf(record.id))
  try {
    // What stands there may be a link to somewhere else.
    await unlink(page).catch(() => undefined)
    const handle = await open(page, 'wx', 0o600)
    await handle.close()
    return { ...record, file: page }
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message
    throw new EnvironmentError(
      'PAGE_NOT_WRITTEN',
      `The page ${page} cannot be written (${why}).`,
      [`cache report show ${file} --output html=FILE`],
      { cause },
    )
  }
}
