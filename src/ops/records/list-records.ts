import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../report/errors.js'
import type { ListedRecord } from '../report/record-list-report.js'
import { listedRecord } from './listed-record.js'
import { fileOf, idIn } from './place.js'
import { readRun, type SavedRun } from './read-run.js'

interface KeptRun extends SavedRun {
  record: NonNullable<SavedRun['record']>
}

export interface RecordList {
  /** Newest first. */
  records: ListedRecord[]
  /** What is called like a record and is none, each with its reason. */
  unusable: string[]
}

/** The ids of all files that are called like a record, newest first; none when there is no such directory. */
export async function recordIds(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new UsageError(
      'RECORDS_UNREADABLE',
      `The records in ${directory} cannot be read (${error.code}).`,
      ['CACHE_RECORDS_DIRECTORY, the directory that they are in'],
      { cause: error },
    )
  })
  return names
    .flatMap((name) => idIn(name) ?? [])
    .toSorted()
    .toReversed()
}

/**
 * Reads all records of a directory, one after the other: of each, no more is kept than is shown. One that cannot be read does not keep the others from being listed.
 *
 * @throws UsageError when the directory cannot be read
 */
export async function listRecords(directory: string): Promise<RecordList> {
  const list: RecordList = { records: [], unusable: [] }
  for (const id of await recordIds(directory)) {
    try {
      const { record, report } = await readRecord(directory, id)
      list.records.push(listedRecord(record, report))
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      list.unusable.push(error.message)
    }
  }
  return list
}

/**
 * One record of a directory.
 *
 * @throws UsageError as `readRun`; also for a link or anything else that is no file, which no run has written
 */
export async function readRecord(directory: string, id: string): Promise<KeptRun> {
  const file = join(directory, fileOf(id))
  const about = await lstat(file).catch(() => null)
  if (about && !about.isFile()) {
    const what = about.isSymbolicLink() ? 'a link' : about.isDirectory() ? 'a directory' : 'no file'
    throw notRecord(file, `it is ${what}`)
  }
  const run = await readRun(file)
  // What was copied over another one would be listed as that.
  if (run.record?.id === id) return { ...run, record: run.record }
  throw notRecord(file, run.record === null ? 'it is a report alone' : 'it is the record of another run')
}

function notRecord(file: string, why: string): UsageError {
  return new UsageError('RECORD_UNUSABLE', `${JSON.stringify(file)} is no record of a run: ${why}.`, [
    'cache report list',
  ])
}
