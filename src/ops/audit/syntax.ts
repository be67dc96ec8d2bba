import ts from 'typescript'
import { nodesBelow } from './nodes.js'

export type FunctionNode = ts.FunctionLikeDeclaration & { body: ts.Node }

export function isFunction(node: ts.Node): node is FunctionNode {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined
}

const { SyntaxKind } = ts

// The kinds that a guard can accept at all: nodes of other kinds are not even looked at.
const KINDS = new Map<unknown, readonly ts.SyntaxKind[]>([
  [ts.isAwaitExpression, [SyntaxKind.AwaitExpression]],
  [ts.isBinaryExpression, [SyntaxKind.BinaryExpression]],
  [isAssignment, [SyntaxKind.BinaryExpression]],
  [isMaking, [SyntaxKind.CallExpression, SyntaxKind.NewExpression]],
  [ts.isCallExpression, [SyntaxKind.CallExpression]],
  [ts.isCatchClause, [SyntaxKind.CatchClause]],
  [ts.isClassDeclaration, [SyntaxKind.ClassDeclaration]],
  [ts.isClassExpression, [SyntaxKind.ClassExpression]],
  [ts.isConditionalExpression, [SyntaxKind.ConditionalExpression]],
  [ts.isIdentifier, [SyntaxKind.Identifier]],
  [ts.isIfStatement, [SyntaxKind.IfStatement]],
  [ts.isNewExpression, [SyntaxKind.NewExpression]],
  [ts.isObjectLiteralExpression, [SyntaxKind.ObjectLiteralExpression]],
  [ts.isPropertyAccessExpression, [SyntaxKind.PropertyAccessExpression]],
  [ts.isPropertyAssignment, [SyntaxKind.PropertyAssignment]],
  [ts.isReturnStatement, [SyntaxKind.ReturnStatement]],
  [ts.isThrowStatement, [SyntaxKind.ThrowStatement]],
  [ts.isTryStatement, [SyntaxKind.TryStatement]],
  [ts.isVariableDeclaration, [SyntaxKind.VariableDeclaration]],
  [
    isFunction,
    [
      SyntaxKind.ArrowFunction,
      SyntaxKind.Constructor,
      SyntaxKind.FunctionDeclaration,
      SyntaxKind.FunctionExpression,
      SyntaxKind.GetAccessor,
      SyntaxKind.MethodDeclaration,
      SyntaxKind.SetAccessor,
    ],
  ],
])

/** All nodes below and including `root` that pass the guard, in the order of the code. */
export function all<T extends ts.Node>(root: ts.Node, guard: (node: ts.Node) => node is T): T[] {
  return nodesBelow(root, KINDS.get(guard)).filter(guard)
}

/** As `all`, without what stands in nested functions and classes. */
export function own<T extends ts.Node>(root: ts.Node, guard: (node: ts.Node) => node is T): T[] {
  return all(root, guard).filter((node) => !isNested(node, root))
}

function isNested(node: ts.Node, root: ts.Node): boolean {
  for (let each = node; each !== root; each = each.parent)
    if (ts.isFunctionLike(each) || ts.isClassLike(each)) return true
  return false
}

/** The nearest node above that passes the guard. */
export function above<T extends ts.Node>(node: ts.Node, guard: (node: ts.Node) => node is T): T | undefined {
  for (let each = node.parent; each !== undefined; each = each.parent) if (guard(each)) return each
  return undefined
}

export function isWithin(node: ts.Node, container: ts.Node | undefined): boolean {
  for (let each: ts.Node | undefined = node; each !== undefined; each = each.parent)
    if (each === container) return true
  return false
}

/** The expression without parentheses, casts and `await`. */
export function bare(node: ts.Expression): ts.Expression {
  let inner = node
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isAwaitExpression(inner)
  ) {
    inner = inner.expression
  }
  return inner
}

/** What stands in the place of an expression: with `await`, parentheses and casts around it, as in `(await call) as Entry`. */
export function inPlaceOf(node: ts.Node): ts.Node {
  let each = node
  while (
    ts.isAwaitExpression(each.parent) ||
    ts.isParenthesizedExpression(each.parent) ||
    ts.isAsExpression(each.parent)
  )
    each = each.parent
  return each
}

export function isNull(node: ts.Expression): boolean {
  return (
    node.kind === ts.SyntaxKind.NullKeyword ||
    ts.isVoidExpression(node) ||
    (ts.isIdentifier(node) && node.text === 'undefined')
  )
}

export function isAssignment(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  )
}

/** What may make something: `new X()`, `make()`. */
export function isMaking(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  return ts.isCallExpression(node) || ts.isNewExpression(node)
}

export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind)
}

/** Whether only the class itself can call or read the member. */
export function isPrivate(node: ts.Node): boolean {
  const { name } = node as Partial<ts.NamedDeclaration>
  return (
    hasModifier(node, ts.SyntaxKind.PrivateKeyword) || (name !== undefined && ts.isPrivateIdentifier(name))
  )
}

/** The last name of `a`, `a.b`, `a[b].c`, `f()`; empty when there is none. */
export function lastName(node: ts.Node): string {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return node.text
  if (ts.isPropertyAccessExpression(node)) return node.name.text
  if (ts.isElementAccessExpression(node)) {
    return ts.isStringLiteralLike(node.argumentExpression)
      ? node.argumentExpression.text
      : lastName(node.expression)
  }
  if (ts.isCallExpression(node) || ts.isNonNullExpression(node)) return lastName(node.expression)
  return ''
}

/** The node that the checker knows a name by: `b` of `a.b`. */
export function nameOf(node: ts.Expression): ts.Node {
  return ts.isPropertyAccessExpression(node) ? node.name : node
}

/** `function`, `Class.method`, `object.member` or variable that a node stands in; empty at the top level. */
export function symbolOf(node: ts.Node): string {
  const names: string[] = []
  for (let each: ts.Node | undefined = node; each !== undefined; each = each.parent) {
    const name = nameIn(each)
    if (name && !ts.isObjectBindingPattern(name)) names.unshift(name.getText())
  }
  return names.slice(0, 2).join('.')
}

function nameIn(node: ts.Node): ts.Node | undefined {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isClassLike(node)) return node.name
  if (ts.isPropertyDeclaration(node) || ts.isAccessor(node)) return node.name
  return ts.isVariableDeclaration(node) && above(node, ts.isFunctionLike) === undefined
    ? node.name
    : undefined
}

/** The function behind a declared name, be it a declaration or the value of a constant or member. */
export function functionAt(declaration: ts.Node): FunctionNode | undefined {
  if (isFunction(declaration)) return declaration
  const isHolder =
    ts.isVariableDeclaration(declaration) ||
    ts.isPropertyAssignment(declaration) ||
    ts.isPropertyDeclaration(declaration)
  const value = isHolder ? declaration.initializer : assignedTo(declaration)
  const inner = value && bare(value)
  return inner && isFunction(inner) ? inner : undefined
}

/** `module.exports.connect = () => …`: in JavaScript, the left side is the declaration. */
function assignedTo(declaration: ts.Node): ts.Expression | undefined {
  const assignment = ts.isPropertyAccessExpression(declaration) ? declaration.parent : declaration
  return isAssignment(assignment) ? assignment.right : undefined
}

/** The name that a function goes by, else the function itself. */
export function nameNode(node: FunctionNode): ts.Node {
  if (node.name) return node.name
  const { parent } = node
  if (isAssignment(parent) && parent.right === (node as ts.Node)) return parent.left
  return ts.isVariableDeclaration(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isPropertyDeclaration(parent)
    ? parent.name
    : node
}
