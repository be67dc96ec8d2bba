import ts from 'typescript'
import { bare, lastName } from '../syntax.js'

/**
 * Whether a name covers the code at fault: a function, class, method, variable or property of that name is around it, or what is at
 * fault is itself a call of one, or `new` of one. `Class.method` names a method of one class.
 */
export function isSanctioned(node: ts.Node, name: string): boolean {
  const path = name.split('.')
  const last = path.at(-1)!
  for (let each: ts.Node | undefined = node; each !== undefined; each = each.parent) {
    if (nameOf(each) === last && isBelow(each, path.slice(0, -1))) return true
  }
  if (path.length > 1) return false
  return valuesOf(node).some((value) => isUse(value) && lastName(value.expression) === last)
}

/** What a node comes to: the value of a statement or declaration, each arm of a choice; not what stands deeper. */
function valuesOf(node: ts.Node): ts.Node[] {
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.flatMap(valuesOf)
  if (ts.isExpressionStatement(node) || ts.isReturnStatement(node) || ts.isAwaitExpression(node))
    return node.expression ? valuesOf(node.expression) : []
  if (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node))
    return node.initializer ? valuesOf(node.initializer) : []
  if (!ts.isExpression(node)) return []
  const value = bare(node)
  if (ts.isConditionalExpression(value)) return [...valuesOf(value.whenTrue), ...valuesOf(value.whenFalse)]
  if (ts.isBinaryExpression(value)) return [...valuesOf(value.left), ...valuesOf(value.right)]
  return value === node ? [node] : valuesOf(value)
}

function isUse(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  return ts.isCallExpression(node) || ts.isNewExpression(node)
}

function isBelow(node: ts.Node, path: readonly string[]): boolean {
  let left = path.length
  for (let each = node.parent; each !== undefined && left > 0; each = each.parent) {
    if (nameOf(each) === path[left - 1]) left -= 1
  }
  return left === 0
}

function nameOf(node: ts.Node): string | undefined {
  const isNamed =
    ts.isFunctionDeclaration(node) ||
    ts.isClassLike(node) ||
    ts.isClassElement(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isMethodDeclaration(node)
  return isNamed ? node.name?.getText() : undefined
}
