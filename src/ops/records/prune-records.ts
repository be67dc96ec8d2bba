import { readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { isRecord } from './is-record.js'
import { fileOf, idIn, isTemporary, pageOf } from './place.js'

/** Nobody writes a record for so long: who began it is gone. */
const ABANDONED_MS = 3_600_000

/**
 * Removes all records but the newest, and the one to spare, with the pages that were made of them, and what a run left half written
 * when it was killed. Touches nothing else in there. What is removed by somebody else meanwhile is no error; what cannot be removed stays.
 *
 * @param keep how many of the newest stay
 * @param spare the id of one that stays however old it is: its run has just ended, while a later one has ended before it
 * @returns the ids of those that are gone
 */
export async function pruneRecords(
  directory: string,
  keep: number,
  { spare, now = Date.now }: { spare?: string; now?: () => number } = {},
): Promise<string[]> {
  const names = await readdir(directory)
  const named = names.flatMap((name) => idIn(name) ?? []).toSorted()
  const ids: string[] = []
  for (const id of named) if (await isRecord(directory, id)) ids.push(id)
  // One too many until the next run: did it count, runs that end at once would remove each other's.
  const old = ids.slice(0, Math.max(0, ids.length - keep)).filter((id) => id !== spare)
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
