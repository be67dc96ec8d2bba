import ts from 'typescript'
import { assignedByAny, assignedIn } from '../../recognise/assigned-in.js'
import { isBacked } from '../../recognise/kinds.js'
import type { RuleContext, Violation } from '../../rule.js'
import { above, type FunctionNode } from '../../syntax.js'
import { fallbackAt } from './choices.js'
import { isDeclaredChoice, isForTests } from './declared-choice.js'

/** A variable or field that gets something backed by Redis in one branch and state of this process in another, or begins as that. */
export function* ofAssigned(
  root: FunctionNode | ts.ClassLikeDeclaration | ts.SourceFile,
  { products }: RuleContext,
): Generator<Violation> {
  const isHolder = ts.isSourceFile(root) || ts.isClassLike(root)
  const within = isHolder ? root : root.body
  for (const [name, values] of isHolder ? assignedByAny(root) : assignedIn(within)) {
    if (values.length < 2) continue
    const made = values.map((value) => ({ value, kinds: products.of(value).map(({ kind }) => kind) }))
    if (!made.some(({ kinds }) => kinds.some(isBacked))) continue
    const memories = made.filter(({ kinds }) => kinds.length > 0 && kinds.every((kind) => kind === 'memory'))
    for (const [index, { value }] of memories.entries()) {
      // Where it begins as that, and where it becomes that when Redis fails, are two places to mend.
      if (index > 0 && !above(value, ts.isCatchClause)) continue
      if (!isDeclaredChoice(value, within) && !isForTests(value, within)) yield fallbackAt(value, name)
    }
  }
}
