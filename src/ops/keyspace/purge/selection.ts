import type { Family } from '../../../library/families/family.js'
import type { SelectionReport } from '../../report/purge-report.js'
import type { Where } from './where.js'

/** What a key of no family counts as. */
export const ORPHANS = 'orphans'

/** Which keys are meant. */
export interface Selection {
  readonly asked: SelectionReport
  /** For SCAN MATCH; only narrows what is sent. */
  readonly glob: string
  /** Only keys that never expire, as they are when their turn comes. */
  readonly noTtl: boolean
  /** The family of a key that is meant by its name, `orphans` for one of none; null for a key that is not meant. */
  kindOf(key: Buffer): string | null
}

type Classify = (key: Buffer) => Family | null

/** The keys of one family, each checked against its exact pattern. */
export function selectFamily(
  family: Family,
  where: Where,
  texts: readonly string[],
  classify: Classify,
): Selection {
  const { id, pattern } = family
  return {
    asked: { family: id, pattern: pattern.text, match: null, where: [...texts] },
    glob: pattern.scanPattern,
    noTtl: where.noTtl,
    kindOf(key) {
      if (classify(key)?.id !== id) return null
      if (where.parameters.size === 0) return id
      const parameters = pattern.match(key.toString())
      for (const [name, value] of where.parameters) if (parameters?.[name] !== value) return null
      return id
    },
  }
}

/** The keys that Redis says a glob matches. */
export function selectMatch(
  glob: string,
  where: Where,
  texts: readonly string[],
  classify: Classify,
): Selection {
  return {
    asked: { family: null, pattern: null, match: glob, where: [...texts] },
    glob,
    noTtl: where.noTtl,
    kindOf: (key) => classify(key)?.id ?? ORPHANS,
  }
}
