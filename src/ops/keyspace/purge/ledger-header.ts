import { join } from 'node:path'
import type { MethodReport, SelectionReport } from '../../report/purge-report.js'

export const LEDGER_SCHEMA = 'cache.ledger/1'
export const UNDO_SCHEMA = 'cache.undo/1'
export const LEDGER_FILE = 'ledger.ndjson'
export const UNDO_FILE = 'undo.ndjson'

/** Where ledgers are kept unless told otherwise, below the directory that the command runs in. */
export const LEDGERS = join('.cache', 'purges')

/** What a purge set out to do. */
export interface LedgerHeader {
  target: { name: string; address: string; database: number; fingerprint: string; runId: string | null }
  selection: SelectionReport
  method: MethodReport
  /** Kinds of key that it may take away. */
  kinds: string[]
  /** Keys that were counted before. */
  planned: number
  /** Whether there is an undo file. */
  undo: boolean
}

/** Whether a file that somebody may have edited says which server it is of. */
export function isPlace(target: unknown): target is LedgerHeader['target'] {
  if (typeof target !== 'object' || target === null) return false
  const { address, database, fingerprint } = target as Record<string, unknown>
  return typeof address === 'string' && typeof database === 'number' && typeof fingerprint === 'string'
}

/** Whether all is there that a purge goes by: what is missing must not become a default. */
export function isWhole(header: Record<string, unknown>): boolean {
  const { selection, kinds, planned, undo } = header
  const where = (selection as { where?: unknown } | null | undefined)?.where
  return (
    Array.isArray(where) &&
    isMethod(header['method']) &&
    Array.isArray(kinds) &&
    typeof planned === 'number' &&
    typeof undo === 'boolean'
  )
}

export function isMethod(method: unknown): method is MethodReport {
  const { kind, overMs, maxRate } = (method ?? {}) as Record<string, unknown>
  const isRate = maxRate === null || typeof maxRate === 'number'
  return isRate && (kind === 'unlink' ? overMs === null : kind === 'fade' && typeof overMs === 'number')
}
