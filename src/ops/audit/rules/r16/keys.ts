import ts from 'typescript'
import type { RuleContext } from '../../rule.js'
import { all, bare } from '../../syntax.js'

/** Whether two arguments are the same key: alike in the code, and made of the same names. */
export function isSameKey(a: ts.Expression, b: ts.Expression, { project }: RuleContext): boolean {
  const [left, right] = [bare(a), bare(b)]
  if (left.getText() !== right.getText()) return false
  const names = all(left, ts.isIdentifier)
  const others = all(right, ts.isIdentifier)
  return names.every((name, index) => project.declarationOf(name) === project.declarationOf(others[index]!))
}
