import ts from 'typescript'
import { isBacked } from '../../recognise/kinds.js'
import type { RuleContext, Violation } from '../../rule.js'
import { bare, isAssignment, own, type FunctionNode } from '../../syntax.js'
import { fallbackAt, isMade } from './choices.js'
import { isDeclaredChoice, isForTests } from './declared-choice.js'

/** A variable or field that gets something backed by Redis in one branch and state of this process in another, or begins as that. */
export function* ofAssigned(
  root: FunctionNode | ts.SourceFile,
  { products }: RuleContext,
): Generator<Violation> {
  const within = ts.isSourceFile(root) ? root : root.body
  for (const [name, values] of assignedIn(within)) {
    if (values.length < 2) continue
    const made = values.map((value) => ({ value, kinds: products.of(value).map(({ kind }) => kind) }))
    if (!made.some(({ kinds }) => kinds.some(isBacked))) continue
    const memory = made.find(({ kinds }) => kinds.length > 0 && kinds.every((kind) => kind === 'memory'))
    if (!memory || isDeclaredChoice(memory.value, within) || isForTests(memory.value, within)) continue
    yield fallbackAt(memory.value, name)
  }
}

/** What is made and put into each name; nothing that nested functions do. */
function assignedIn(within: ts.Node): Map<string, ts.Expression[]> {
  const found = new Map<string, ts.Expression[]>()
  const add = (name: ts.Node, value: ts.Expression): void => {
    const inner = bare(value)
    if (!isMade(inner) || ts.isObjectLiteralExpression(inner)) return
    const key = name.getText()
    const known = found.get(key)
    if (known) known.push(inner)
    else found.set(key, [inner])
  }
  for (const { name, initializer } of own(within, ts.isVariableDeclaration))
    if (initializer) add(name, initializer)
  for (const { left, operatorToken, right } of own(within, isAssignment))
    if (operatorToken.kind === ts.SyntaxKind.EqualsToken) add(left, right)
  return found
}
