import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../../report/errors.js'
import { isPlace, isWhole, LEDGER_FILE, LEDGER_SCHEMA, LEDGERS, type LedgerHeader } from './ledger-header.js'

/** The same purge again takes what is left; a purge is what it asks for, and not where it stopped. */
const ANEW = 'begin anew with the same command; what is left goes, into an undo file of its own'

/** @throws UsageError when the directory holds no ledger */
export async function readLedger(
  directory: string,
): Promise<{ header: LedgerHeader; at: string; complete: boolean }> {
  let lines: string[]
  try {
    lines = (await readFile(join(directory, LEDGER_FILE), 'utf8')).split('\n').filter((line) => line !== '')
  } catch (error) {
    throw new UsageError(
      'NO_LEDGER',
      `There is no ledger of a purge in ${directory}: ${(error as Error).message}.`,
      [`name a directory of ${LEDGERS}, as the purge told it`],
      { cause: error },
    )
  }
  const first = parsed(lines[0])
  if (first?.['schema'] !== LEDGER_SCHEMA) {
    throw new UsageError('NO_LEDGER', `${join(directory, LEDGER_FILE)} is not a ledger of this version.`, [
      ANEW,
    ])
  }
  if (!isPlace(first['target'])) {
    throw new UsageError('NO_LEDGER', `${join(directory, LEDGER_FILE)} does not say of which server it is.`, [
      ANEW,
    ])
  }
  if (!isWhole(first)) {
    throw new UsageError(
      'NO_LEDGER',
      `${join(directory, LEDGER_FILE)} does not say all of what it set out to do.`,
      [ANEW],
    )
  }
  const last = parsed(lines.at(-1))
  const complete = last?.['event'] === 'ended' && last['complete'] === true
  const { target, selection, method, kinds, planned, undo } = first as unknown as LedgerHeader
  const at = String(first['at'])
  return { header: { target, selection, method, kinds, planned, undo }, at, complete }
}

function parsed(line = ''): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
