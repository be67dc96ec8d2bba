import type { Family } from '../../../library/families/family.js'
import { decodeSegment, encodeSegment } from '../../../library/families/segment.js'
import { UsageError } from '../../report/errors.js'
import { nearest } from '../../report/nearest.js'

/** What narrows a family, all of it together. */
export interface Where {
  noTtl: boolean
  /** Decoded, as `KeyPattern.match` gives them. */
  parameters: ReadonlyMap<string, string>
}

/**
 * `--where no-ttl` and `--where PARAM=VALUE`; a parameter that ends in `Id` also without it: `tenant=t42`.
 *
 * @param family null for a glob, which has no parameters
 * @throws UsageError for anything else, a parameter that the family does not have, or one with two values
 */
export function parseWhere(texts: readonly string[], family: Family | null): Where {
  const parameters = new Map<string, string>()
  let noTtl = false
  for (const text of texts) {
    if (text === 'no-ttl') {
      noTtl = true
      continue
    }
    const equals = text.indexOf('=')
    const value = equals === -1 ? '' : text.slice(equals + 1)
    const name = parameterNamed(equals === -1 ? text : text.slice(0, equals), family)
    if (value === '') {
      throw new UsageError('BAD_WHERE', `--where: ${name} has no value.`, [`--where ${name}=VALUE`])
    }
    // A value that is too long stands as its hash in the key.
    const wanted = decodeSegment(encodeSegment(value))
    if (parameters.has(name) && parameters.get(name) !== wanted) {
      throw new UsageError('BAD_WHERE', `--where: a key cannot have two values of ${name}.`, [
        'purge one after the other',
      ])
    }
    parameters.set(name, wanted)
  }
  return { noTtl, parameters }
}

function parameterNamed(name: string, family: Family | null): string {
  const known = family?.pattern.parameters ?? []
  const found = known.find((each) => each === name) ?? known.find((each) => each === `${name}Id`)
  if (found !== undefined) return found
  const shown = JSON.stringify(name.slice(0, 100))
  if (!family) {
    throw new UsageError('BAD_WHERE', `--where: a glob has no parameters, so ${shown} is not known.`, [
      '--where no-ttl',
      'name a family instead of --match',
    ])
  }
  const conditions = ['no-ttl', ...known]
  const meant = nearest(name, conditions)
  const spelt = (condition: string) => `--where ${condition}${condition === 'no-ttl' ? '' : '=VALUE'}`
  throw new UsageError(
    'BAD_WHERE',
    `--where: ${family.id} has no parameter ${shown}.`,
    meant === undefined ? conditions.map(spelt) : [spelt(meant)],
  )
}
