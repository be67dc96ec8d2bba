import type ts from 'typescript'
import type { RuleContext } from './rule.js'

type Find<T> = (file: ts.SourceFile, context: RuleContext) => T

/** The same, found once per file: several rules ask. */
export function perFile<T>(find: Find<T>): Find<T> {
  const known = new WeakMap<ts.SourceFile, { found: T }>()
  return (file, context) => {
    const entry = known.get(file) ?? { found: find(file, context) }
    known.set(file, entry)
    return entry.found
  }
}
