import type { FamiliesReport } from '../report/families-report.js'
import type { Catalogue } from './families.js'

/** The kinds of key that this run knows, in the order in which they are declared. */
export function listFamilies({ families }: Catalogue, file: string | null): FamiliesReport {
  return {
    schema: 'cache.keys.families/1',
    command: 'keys families',
    verdict: 'pass',
    file,
    families: families.map(({ id, pattern, ...family }) => ({
      family: id,
      pattern: pattern.text,
      scanPattern: pattern.scanPattern,
      ttlSeconds: family.ttlSeconds,
      type: family.type,
      evictable: family.evictable,
      staleOk: family.staleOk,
      authorisation: family.authorisation,
      declaredIn: family.declaredIn,
    })),
  }
}
