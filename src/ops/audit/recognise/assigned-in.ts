import ts from 'typescript'
import { bare, isAssignment, isFunction, own } from '../syntax.js'

/** What is made and put into each name; nothing that nested functions do. */
export function assignedIn(within: ts.Node): Map<string, ts.Expression[]> {
  const found = new Map<string, ts.Expression[]>()
  const add = (name: ts.Node, value: ts.Expression): void => {
    const inner = bare(value)
    if (!ts.isNewExpression(inner) && !ts.isCallExpression(inner) && !isFunction(inner)) return
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
