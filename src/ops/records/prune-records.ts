import { readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileOf, idIn, isTemporary, pageOf } from './place.js'

/** Nobody writes a record for so long: who began it is gone. */
const ABANDONED_MS = 3_600_000

/**
 * Removes all records but the newest, with the pages that were made of them, and what a run left half written when it was
 * killed. Touches nothing else in there. What is removed by somebody else meanwhile is no error; what cannot be removed stays.
 *
 * @param keep how many stay
 * @returns the ids of those that are gone
 */
export async function pruneRecords(
  directory: string,
  keep: number,
  now: () => number = Date.now,
): Promise<string[]> {
  const names = await readdir(directory)
  const ids = names.flatMap((name) => idIn(name) ?? []).toSorted()
  const old = ids.slice(0, Math.max(0, ids.length - keep))
  for (const id of old) for (const name of [fileOf(id), pageOf(id)]) await remove(join(directory, name))
  for (const name of names.filter(isTemporary)) {
    const file = join(directory, name)
    const age = await stat(file).then(
      ({ mtimeMs }) => now() - mtimeMs,
      () => 0,
    )
    if (age > ABANDONED_MS) await remove(file)
  }
  return old
}

async function remove(file: string): Promise<void> {
  await unlink(file).catch(() => undefined)
}
