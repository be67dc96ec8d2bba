import type { Family } from '../../library/families/family.js'
import type { Estimate, KeyFinding, Rule } from '../report/keys-report.js'
import { FAMILY_RULE_NAMES, type FamilyRule } from './rules.js'
import type { Tally } from './tally.js'

/** Findings of one family, in the order of its rules; a rule that none of the sample breaks has none. */
export function findInFamily(family: Family, tally: Tally, failOn: readonly Rule[]): KeyFinding[] {
  return FAMILY_RULE_NAMES.flatMap((rule): KeyFinding[] => {
    const { keys, examples } = tally.breaking(rule)
    if (keys.value === 0) return []
    const message = MESSAGES[rule](family)
    return [{ rule, family: family.id, keys, fails: failOn.includes(rule), message, examples }]
  })
}

export function findOrphans(tally: Tally, failOn: readonly Rule[]): KeyFinding[] {
  if (tally.keys === 0) return []
  const keys: Estimate = { value: tally.keys, margin: 0 }
  const message = 'of no family: no purge reaches them, and nobody declared their TTL'
  return [{ rule: 'orphans', family: null, keys, fails: failOn.includes('orphans'), message, examples: [] }]
}

const MESSAGES: Record<FamilyRule, (family: Family) => string> = {
  'no-ttl': () => 'without a TTL: what is stale in there stays until somebody deletes it',
  'ttl-above': ({ ttlSeconds }: Family) => `with more TTL than the declared ${ttlSeconds} s`,
  'wrong-type': (family: Family) => `of another type than ${family.type}: every read fails`,
}
