import ts from 'typescript'
import { all, lastName } from '../syntax.js'

/**
 * Whether a name covers the code at fault: a function, class, method or variable of that name is around it, or it makes or calls
 * one. `Class.method` names a method of one class.
 */
export function isSanctioned(node: ts.Node, name: string): boolean {
  const path = name.split('.')
  const last = path.at(-1)!
  for (let each: ts.Node | undefined = node; each !== undefined; each = each.parent) {
    if (nameOf(each) === last && isBelow(each, path.slice(0, -1))) return true
  }
  if (path.length > 1) return false
  return all(node, isUse).some((use) => lastName(use.expression) === last)
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
