import type { Fault } from '../../faults/fault.js'
import { UsageError } from '../../report/errors.js'

/**
 * @param flag that named the faults
 * @throws UsageError `DOES_NOT_FIT` for one that the proxy does not have
 */
export function requireKnown(
  chosen: readonly Pick<Fault, 'name'>[],
  known: readonly string[],
  flag: 'drill' | 'fault',
): void {
  const unfit = chosen.find(({ name }) => !known.includes(name))
  if (!unfit) return
  throw new UsageError('DOES_NOT_FIT', `The proxy has no fault ${unfit.name}; it has ${known.join(', ')}.`, [
    `--${flag} ${known[0] ?? 'refused'}`,
  ])
}
