import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import { readRecord, recordIds } from './list-records.js'
import { readRun, type SavedRun } from './read-run.js'

/** `last`, and `last~1` for the one before it. */
const LAST = /^last(?:~(\d{1,4}))?$/
const SHOWN = 3

/**
 * The run that is meant by `last`, `last~N`, an id, a beginning that only one id has, the path of a file, or `-` for stdin.
 *
 * @throws UsageError when there is none, or more than one; and as `readRun` does
 */
export async function findRun(directory: string, named: string): Promise<SavedRun> {
  const isPath = named === '-' || named.includes('/') || named.includes('\\') || named.endsWith('.json')
  if (isPath) return readRun(named)
  const ids = await recordIds(directory)
  const last = LAST.exec(named)
  if (last) return nth(directory, ids, Number(last[1] ?? 0), named)
  const found = ids.filter((id) => id.startsWith(named))
  if (found.length === 1 || ids.includes(named))
    return readRecord(directory, found.length === 1 ? found[0]! : named)
  if (found.length > 1) {
    const shown = found.slice(0, SHOWN)
    throw new UsageError(
      'RECORD_AMBIGUOUS',
      `'${named}' is the beginning of ${found.length} records: ${shown.join(', ')}${found.length > SHOWN ? ', …' : ''}.`,
      shown,
    )
  }
  if (existsSync(named)) return readRun(named)
  const meant = nearest(named, ids)
  throw new UsageError('UNKNOWN_RECORD', `No record in ${directory} is called '${named}'.`, [
    ...(meant === undefined ? [] : [meant]),
    'cache report list',
  ])
}

/** Of those that can be read, as they are listed: one that is broken does not stand for the last run. */
async function nth(
  directory: string,
  ids: readonly string[],
  back: number,
  named: string,
): Promise<SavedRun> {
  let usable = 0
  let broken: UsageError | undefined
  for (const id of ids) {
    try {
      const run = await readRecord(directory, id)
      if (usable === back) return run
      usable += 1
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      broken ??= error
    }
  }
  if (usable === 0 && broken) throw broken
  throw new UsageError(
    'NO_RECORD',
    usable === 0
      ? `There is no record in ${directory}.`
      : `${named}: there are only ${usable} records in ${directory}.`,
    usable === 0 ? ['cache simulate-outage', 'cache load-test'] : ['cache report list'],
  )
}

/** For people: the id of a record, else the name of its file. */
export function nameOf({ record, file }: Pick<SavedRun, 'record' | 'file'>): string {
  return record?.id ?? (file === '-' ? 'stdin' : basename(file))
}
