import { families } from '../../../library/families/families.js'
import type { Family } from '../../../library/families/family.js'
import type { MethodReport } from '../../report/purge-report.js'

/** What users and the database will feel. */
export interface Effect {
  text: string
  extraReadsPerSecond: number | null
  /** What somebody might not have meant. */
  warnings: string[]
}

/**
 * Of every key at most one more read of the database than without the purge: whoever asks for it next misses once. They
 * come no faster than the keys go away, which a rate or a fade bounds.
 *
 * @param kinds keys by family; those of limiters are never read from a database
 */
export function effectOf(
  kinds: Readonly<Record<string, number>>,
  method: MethodReport,
  known: readonly Family[],
): Effect {
  const limiters = kinds[families.rateLimit.id] ?? 0
  const cached = Object.values(kinds).reduce((sum, keys) => sum + keys, 0) - limiters
  const warnings = known
    .filter(({ id, evictable }) => !evictable && (kinds[id] ?? 0) > 0)
    .map(({ id }) =>
      id === families.rateLimit.id
        ? `these are windows of rate limiters: everybody who is being limited (${count(limiters, 'window')}) starts again with the whole allowance`
        : `${id} is declared as not evictable: something depends on its keys being there`,
    )
  if (cached === 0) {
    const text = limiters === 0 ? 'none: there is nothing to do' : 'no reads of the database'
    return { text, extraReadsPerSecond: 0, warnings }
  }
  const perSecond = ratesOf(cached, method)
  const reads = count(cached, 'read')
  const spread =
    perSecond === null
      ? `at once, as the keys are asked for again${waysToSpread(method)}`
      : `as the keys are asked for again, no more than ${perSecond.toLocaleString('en-US')} per second`
  return { text: `at worst ${reads} of the database ${spread}`, extraReadsPerSecond: perSecond, warnings }
}

function ratesOf(keys: number, { overMs, maxRate }: MethodReport): number | null {
  const rates = [overMs === null ? Infinity : Math.ceil((keys * 1000) / overMs), maxRate ?? Infinity]
  const least = Math.min(keys, ...rates)
  return rates.every((rate) => rate === Infinity) ? null : least
}

function waysToSpread({ kind }: MethodReport): string {
  return kind === 'unlink' ? '; --method fade or --max-rate spreads them' : ''
}

function count(amount: number, noun: string): string {
  return amount === 1 ? `1 ${noun}` : `${amount.toLocaleString('en-US')} ${noun}s`
}
