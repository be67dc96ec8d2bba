import type { Family } from '../../library/families/family.js'
import type { FamilyReport } from '../report/keys-report.js'
import type { Tally } from './tally.js'

/** @param allKeys keys of all kinds, of which this is a share */
export function reportFamily(family: Family, tally: Tally, allKeys: number): FamilyReport {
  return {
    family: family.id,
    pattern: family.pattern.text,
    ...tally.report(allKeys),
    ttlDeclaredSeconds: family.ttlSeconds,
    ttlAbove: family.ttlSeconds === null ? null : tally.breaking('ttl-above').keys,
    wrongType: family.type === null ? null : tally.breaking('wrong-type').keys,
  }
}
