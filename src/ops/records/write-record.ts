import { link, mkdir, open, rename, unlink, writeFile, lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { EnvironmentError } from '../report/errors.js'
import { fileOf, makeId, temporaryOf } from './place.js'

export interface NewRecord {
  /** Is made where it is not, and gets a `.gitignore` of its own then: what a run saw is not what a project commits. */
  directory: string
  startedAt: Date
  /** What the run was, such as `stall`; a word of the id. */
  name: string
  /** What is written, once the id is known. */
  text(id: string): string
}

export interface WrittenRecord {
  id: string
  file: string
}

const ATTEMPTS = 5

/**
 * Writes a record, which is there as a whole or not at all, and its owner's alone (0600). Records that are written at the same
 * time do not touch each other, in one process or in many.
 *
 * @throws EnvironmentError `RECORD_NOT_WRITTEN`
 */
export async function writeRecord({ directory, startedAt, name, text }: NewRecord): Promise<WrittenRecord> {
  try {
    const made = await mkdir(directory, { recursive: true, mode: 0o700 })
    // In a directory that somebody else has made, it would hide what is his.
    if (made !== undefined)
      await writeFile(join(directory, '.gitignore'), '*\n', { flag: 'wx' }).catch(unless('EEXIST'))
    for (let attempt = 1; ; attempt += 1) {
      const id = makeId(startedAt, name)
      try {
        return { id, file: await writeWhole(directory, id, text(id)) }
      } catch (error) {
        // Somebody else has just taken that name.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === ATTEMPTS) throw error
      }
    }
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message
    throw new EnvironmentError(
      'RECORD_NOT_WRITTEN',
      `The record of this run could not be written to ${directory} (${why}).`,
      ['CACHE_RECORDS_DIRECTORY, a directory that you may write to', '--no-record'],
      { cause },
    )
  }
}

async function writeWhole(directory: string, id: string, text: string): Promise<string> {
  const [temporary, file] = [join(directory, temporaryOf(id)), join(directory, fileOf(id))]
  const handle = await open(temporary, 'wx', 0o600)
  try {
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await moveTo(temporary, file)
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  }
  return file
}

/** A link never replaces what is there, as a rename does; where there are none, a look before it is the next best. */
async function moveTo(temporary: string, file: string): Promise<void> {
  try {
    await link(temporary, file)
    await unlink(temporary)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    const isThere = await lstat(file).then(
      () => true,
      () => false,
    )
    if (isThere) throw Object.assign(new Error(`${file} is there`), { code: 'EEXIST' })
    await rename(temporary, file)
  }
}

function unless(code: string) {
  return (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== code) throw error
  }
}
