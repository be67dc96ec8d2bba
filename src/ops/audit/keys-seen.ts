import type { CodeKeys, DeclaredKeys, LiveKeys } from '../report/keys-in-code-report.js'
import type { ReportError } from '../report/report.js'
import type { KeyFamily } from './families.js'
import type { Spelling } from './recognise/keys/spelling.js'

/** What a pass over Redis saw, without the name of any key. */
export interface KeysSeen {
  /** `host:port`. */
  server: string
  complete: boolean
  keys: number
  families: (LiveKeys & { family: string })[]
  /** Keys of no family, by what they have in common: `session:old:*`. */
  groups: { pattern: string; keys: number }[]
  /** What broke the pass off. */
  error?: ReportError | undefined
}

/** Each declared family, with what the code and Redis have of it. */
export function declaredKeys(
  families: readonly KeyFamily[],
  patterns: readonly CodeKeys[],
  seen: KeysSeen | undefined,
): DeclaredKeys[] {
  return families.map(({ id, pattern, declaredIn, ttlSeconds }) => {
    // A spelling that may be of several families says nothing of any one of them.
    const own = patterns.filter((each) => each.families.includes(id))
    const sure = own.filter((each) => each.families.length === 1)
    const live = seen?.families.find(({ family }) => family === id)
    return {
      family: id,
      pattern: pattern.text,
      declaredIn,
      ttlDeclaredSeconds: ttlSeconds,
      ttlWrittenSeconds: [...new Set(sure.flatMap((each) => each.ttlSeconds))].sort((a, b) => a - b),
      used: own.length > 0,
      live: live ? { keys: live.keys, withoutTtl: live.withoutTtl, ttlSeconds: live.ttlSeconds } : null,
    }
  })
}

/** The patterns of the code, and whether Redis holds such keys. */
export function heldAgainstRedis(
  spelt: readonly { keys: CodeKeys; spelling: Spelling }[],
  seen: KeysSeen,
): CodeKeys[] {
  return spelt.map(({ keys, spelling }) => {
    const isSeen =
      seen.families.some((each) => each.keys > 0 && keys.families.includes(each.family)) ||
      seen.groups.some(({ pattern }) => mayBeOf(spelling, pattern))
    return { ...keys, seen: isSeen || (seen.complete ? false : null) }
  })
}

/** Whether keys of a group, `session:old:*`, may be spelt so: both have a beginning that is known. */
export function mayBeOf(spelling: Spelling, group: string): boolean {
  const [first] = spelling
  const [start = ''] = group.split('*')
  if (typeof first !== 'string') return false
  if (spelling.length === 1) return group.includes('*') ? first.startsWith(start) : first === group
  return first.startsWith(start) || start.startsWith(first)
}
