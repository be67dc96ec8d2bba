import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../../report/errors.js'
import type { SelectionReport } from '../../report/purge-report.js'
import { readLedger } from './read-ledger.js'

/** Ledgers that are looked at, latest first; who has more of them is not kept waiting. */
const LOOKED_AT = 50

/**
 * The ledger of the last purge of this selection on this server, when that did not come to its end; null when it did,
 * or when there was none.
 */
export async function findUnfinished(
  ledgers: string,
  { fingerprint }: { fingerprint: string },
  selection: SelectionReport,
): Promise<string | null> {
  // Their names begin with the second in which they were begun.
  const names: string[] = await readdir(ledgers).catch(() => [])
  let last: { at: string; directory: string; complete: boolean } | null = null
  for (const name of names.sort().toReversed().slice(0, LOOKED_AT)) {
    const directory = join(ledgers, name)
    try {
      const { header, at, complete } = await readLedger(directory)
      if (header.target.fingerprint !== fingerprint) continue
      if (JSON.stringify(header.selection) !== JSON.stringify(selection)) continue
      if (last === null || at > last.at) last = { at, directory, complete }
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
    }
  }
  return last === null || last.complete ? null : last.directory
}
