import ts from 'typescript'
import type { Project } from '../project/project.js'
import { all, bare, functionAt, isAssignment, isFunction, type FunctionNode } from '../syntax.js'
import { nameGivenTo } from './containers.js'

/** The functions of an object literal by their names, also those that it only names: `return { get, set }`. */
export function membersOf(
  literal: ts.ObjectLiteralExpression,
  project: Project,
): ReadonlyMap<string, FunctionNode> {
  const found = new Map<string, FunctionNode>()
  for (const property of literal.properties) {
    const value = functionAt(property) ?? named(property, project)
    if (value && property.name) found.set(property.name.getText(), value)
  }
  return found
}

function named(property: ts.ObjectLiteralElementLike, project: Project): FunctionNode | undefined {
  const name = ts.isShorthandPropertyAssignment(property)
    ? property.name
    : ts.isPropertyAssignment(property)
      ? bare(property.initializer)
      : undefined
  const declaration = name && ts.isIdentifier(name) ? project.declarationOf(name) : undefined
  return declaration && functionAt(declaration)
}

/** The methods of a constructor function: `F.prototype.get = …`, `F.prototype = { … }`, `this.get = …` within it. */
export function prototypeMembersOf(node: FunctionNode): ReadonlyMap<string, FunctionNode> {
  const found = new Map<string, FunctionNode>()
  const name = nameGivenTo(node)
  if (name === '' || ts.isArrowFunction(node)) return found
  const add = (key: string, value: ts.Node | undefined): void => {
    const method = value && functionAt(value)
    if (method) found.set(key, method)
  }
  for (const { left, right } of all(node.getSourceFile(), isAssignment)) {
    const value = bare(right)
    const target = left.getText()
    if (target === `${name}.prototype` && ts.isObjectLiteralExpression(value)) {
      for (const each of value.properties) add(each.name?.getText() ?? '', each)
    }
    if (!ts.isPropertyAccessExpression(left) || !isFunction(value)) continue
    const holder = left.expression.getText()
    const isOwn = holder === 'this' && right.pos >= node.pos && right.end <= node.end
    if (holder === `${name}.prototype` || isOwn) add(left.name.text, value)
  }
  return found
}

/** The name of the function that gives a value out: `createCache(redis) { return { … } }`. */
export function makerOf(value: ts.Node): string {
  let each: ts.Node = value.parent
  while (
    ts.isParenthesizedExpression(each) ||
    ts.isReturnStatement(each) ||
    ts.isBlock(each) ||
    ts.isAsExpression(each)
  )
    each = each.parent
  return ts.isFunctionLike(each) ? nameGivenTo(each) : ''
}
