import ts from 'typescript'
import { all, bare, functionAt, isAssignment, isFunction, own } from '../syntax.js'

/** What is made and put into each name; nothing that nested functions do. */
export function assignedIn(within: ts.Node): Map<string, ts.Expression[]> {
  const { found, add } = collector()
  for (const { name, initializer } of own(within, ts.isVariableDeclaration))
    if (initializer) add(name.getText(), initializer)
  for (const { left, operatorToken, right } of own(within, isAssignment))
    if (operatorToken.kind === ts.SyntaxKind.EqualsToken) add(left.getText(), right)
  return found
}

/** What is made and put into the fields of a class, or into the variables of a module, by any of its functions. */
export function assignedByAny(holder: ts.ClassLikeDeclaration | ts.SourceFile): Map<string, ts.Expression[]> {
  const { found, add } = collector()
  const isModule = ts.isSourceFile(holder)
  const declared = isModule
    ? own(holder, ts.isVariableDeclaration)
    : holder.members.filter(ts.isPropertyDeclaration)
  const names = new Set<string>()
  for (const { name, initializer } of declared) {
    const used = isModule ? name.getText() : `this.${name.getText()}`
    names.add(used)
    if (initializer) add(used, initializer)
  }
  for (const { left, operatorToken, right } of all(holder, isAssignment)) {
    const isEqual = operatorToken.kind === ts.SyntaxKind.EqualsToken
    if (isEqual && names.has(left.getText())) add(left.getText(), right)
  }
  return found
}

function collector(): {
  found: Map<string, ts.Expression[]>
  add: (name: string, value: ts.Expression) => void
} {
  const found = new Map<string, ts.Expression[]>()
  const add = (name: string, value: ts.Expression): void => {
    const inner = bare(value)
    const isMade = ts.isNewExpression(inner) || ts.isCallExpression(inner) || isFunction(inner)
    if (!isMade && !isObjectOfFunctions(inner)) return
    const known = found.get(name)
    if (known) known.push(inner)
    else found.set(name, [inner])
  }
  return { found, add }
}

/** `{ get: (key) => kept.get(key) }`: a class without the word. */
function isObjectOfFunctions(node: ts.Expression): boolean {
  return ts.isObjectLiteralExpression(node) && node.properties.some((each) => functionAt(each) !== undefined)
}
