import type { Family } from '../../library/families/family.js'
import type { Rule } from '../report/keys-report.js'
import type { Measurement } from './measure.js'

export type FamilyRule = Exclude<Rule, 'orphans'>

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
  'wrong-type':
    ({ type: expected }: Family) =>
    ({ type }: Measurement) =>
      expected !== null && type !== expected,
} satisfies Record<FamilyRule, (family: Family) => (measurement: Measurement) => boolean>

export const FAMILY_RULE_NAMES = Object.keys(FAMILY_RULES) as FamilyRule[]
