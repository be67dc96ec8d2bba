import { allFamilies, families, type Family } from '../../library/families/families.js'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'

/** @throws UsageError with the family that was probably meant */
export function familyNamed(name: string, suggest: (family: string) => string): Family {
  const found = allFamilies.find(({ id }) => id === name)
  if (found) return found
  const known = allFamilies.map(({ id }) => id)
  const meant = nearest(name, known)
  throw new UsageError('UNKNOWN_FAMILY', `There is no family ${JSON.stringify(name.slice(0, 100))}.`, [
    meant === undefined ? `one of ${known.join(', ')}` : suggest(meant),
  ])
}

/** The type that Redis should report for a family's keys; null where the limiter that is in use decides. */
export function typeOf(family: Family): string | null {
  return family.id === families.rateLimit.id ? null : 'string'
}
