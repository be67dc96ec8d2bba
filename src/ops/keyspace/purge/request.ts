import { SafetyError, UsageError } from '../../report/errors.js'
import type { MethodReport, SelectionReport } from '../../report/purge-report.js'
import { familyNamed, type Catalogue } from '../families.js'
import { requireNarrow } from './glob.js'
import { selectFamily, selectMatch, type Selection } from './selection.js'
import { parseWhere } from './where.js'

/** What was asked for on a command line. */
export interface Asked {
  family?: string | undefined
  match?: string | undefined
  where: readonly string[]
}

/** @throws UsageError for nothing, for a family and a glob at once, and for what either refuses */
export function select({ family, match, where }: Asked, catalogue: Catalogue): Selection {
  const classify = (key: Buffer) => catalogue.classify(key)
  if (family === undefined && match === undefined) {
    throw new UsageError('NOTHING_SELECTED', 'Neither a family nor --match says which keys are meant.', [
      `cache keys purge FAMILY, one of ${catalogue.families.map(({ id }) => id).join(', ')}`,
    ])
  }
  if (family !== undefined && match !== undefined) {
    throw new UsageError('CONFLICTING_FLAGS', `A family (${family}) and --match contradict each other.`, [
      'leave one of them out',
    ])
  }
  if (match !== undefined) {
    requireNarrow(match)
    return selectMatch(match, parseWhere(where, null), where, classify)
  }
  const named = familyNamed(catalogue, family!, (name) => `cache keys purge ${name}`)
  return selectFamily(named, parseWhere(where, named), where, classify)
}

/**
 * What a plan or a ledger says was asked for.
 *
 * @throws SafetyError when the family is declared otherwise by now; UsageError as `select`
 */
export function selectAgain(asked: SelectionReport, catalogue: Catalogue): Selection {
  const selection = select(
    { family: asked.family ?? undefined, match: asked.match ?? undefined, where: asked.where },
    catalogue,
  )
  if (selection.asked.pattern === asked.pattern) return selection
  throw new SafetyError(
    'FAMILY_CHANGED',
    `${asked.family} was ${asked.pattern} and is declared as ${selection.asked.pattern} now.`,
    ['make a new plan and review it'],
  )
}

export interface AskedMethod {
  kind: 'unlink' | 'fade'
  overMs?: number | undefined
  maxRate?: number | undefined
}

const FADE_OVER_MS = 60_000

/** @throws UsageError for a span without a fade */
export function methodOf({ kind, overMs, maxRate = undefined }: AskedMethod): MethodReport {
  if (kind === 'unlink' && overMs !== undefined) {
    throw new UsageError('CONFLICTING_FLAGS', '--over is the span of a fade, and --method unlink has none.', [
      '--method fade',
    ])
  }
  return { kind, overMs: kind === 'fade' ? (overMs ?? FADE_OVER_MS) : null, maxRate: maxRate ?? null }
}

/** What is done to which keys, in words: `delete the keys of conv where no-ttl`. */
export function describeRequest({ family, match, where }: SelectionReport, { kind }: MethodReport): string {
  const keys = family === null ? `that match ${JSON.stringify(match)}` : `of ${family}`
  const narrowed = where.length === 0 ? '' : ` where ${where.join(' and ')}`
  return `${kind === 'fade' ? 'fade' : 'delete'} the keys ${keys}${narrowed}`
}
