import type { Family } from '../../library/families/families.js'
import type { Estimate, KeyFinding, Rule } from '../report/keys-report.js'
import type { Measurement } from './measure.js'
import type { Tally } from './tally.js'

/** What is wrong with a key of a family. One key may break several rules. */
export const FAMILY_RULES = {
  'no-ttl':
    () =>
    ({ ttlMs }: Measurement) =>
      ttlMs === null,
  'ttl-above': ({ ttlSeconds }: Family) => {
    const most = ttlSeconds === null ? Infinity : ttlSeconds * 1000
    return ({ ttlMs }: Measurement) => ttlMs !== null && ttlMs > most
  },
  'wrong-type': (family: Family) => {
    const expected = family.type
    return ({ type }: Measurement) => expected !== null && type !== expected
  },
} satisfies Record<Exclude<Rule, 'orphans'>, (family: Family) => (measurement: Measurement) => boolean>

/** Findings of one family, in the order of its rules; a rule that none of the sample breaks has none. */
export function findInFamily(family: Family, tally: Tally, failOn: readonly Rule[]): KeyFinding[] {
  return Object.entries(FAMILY_RULES).flatMap(([name, breaks]): KeyFinding[] => {
    const rule = name as keyof typeof FAMILY_RULES
    const { keys, examples } = tally.having(breaks(family))
    if (keys.value === 0) return []
    return [
      {
        rule,
        family: family.id,
        keys,
        fails: failOn.includes(rule),
        message: MESSAGES[rule](family),
        examples,
      },
    ]
  })
}

export function findOrphans(tally: Tally, failOn: readonly Rule[]): KeyFinding[] {
  if (tally.keys === 0) return []
  const keys: Estimate = { value: tally.keys, margin: 0 }
  const message = 'of no family: no purge reaches them, and nobody declared their TTL'
  return [{ rule: 'orphans', family: null, keys, fails: failOn.includes('orphans'), message, examples: [] }]
}

const MESSAGES = {
  'no-ttl': () => 'without a TTL: what is stale in there stays until somebody deletes it',
  'ttl-above': ({ ttlSeconds }: Family) => `with more TTL than the declared ${ttlSeconds} s`,
  'wrong-type': (family: Family) => `of another type than ${family.type}: every read fails`,
}
