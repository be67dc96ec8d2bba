import ts from 'typescript'
import { above, all, bare, hasModifier, isAssignment, isNull, isWithin, own } from '../syntax.js'

/**
 * Lazy initialisation that the checker cannot see through `any`: `if (!client) client = …; return client`, also by a function
 * that fails or puts something there: `if (!client) await connect()`.
 */
export function isSetBefore(node: ts.Expression): boolean {
  const text = node.getText()
  const scope = above(node, ts.isFunctionLike) ?? node.getSourceFile()
  return (
    isAskedAround(node, text) ||
    own(scope, isAssignment).some((each) => each.pos <= node.pos && sets(each, text)) ||
    own(scope, ts.isCallExpression).some(
      (call) =>
        call.pos <= node.pos &&
        isStatement(call) &&
        isUnlessAsked(call, text) &&
        isSetBy(call, text) &&
        !isWithinTry(call, scope),
    )
  )
}

/** `if (connecting) return connecting`. */
function isAskedAround(node: ts.Node, text: string): boolean {
  const around = above(node, ts.isIfStatement)
  return around?.expression.getText() === text && isWithin(node, around.thenStatement)
}

function sets({ left, right }: ts.BinaryExpression, text: string): boolean {
  return left.getText() === text && !isNull(bare(right)) && isUnlessAsked(left, text)
}

/** A guard that asks something else, such as whether a URL is set, may leave the variable empty. */
function isUnlessAsked(node: ts.Node, text: string): boolean {
  const guard = above(node, ts.isIfStatement)
  return guard === undefined || asksFor(guard.expression, text) || isSetByBoth(guard, text)
}

function isStatement(call: ts.CallExpression): boolean {
  const { parent } = call
  return ts.isExpressionStatement(ts.isAwaitExpression(parent) ? parent.parent : parent)
}

function isWithinTry(node: ts.Node, scope: ts.Node): boolean {
  const around = above(node, ts.isTryStatement)
  return around?.catchClause !== undefined && around.pos >= scope.pos
}

/** A function of the same file, with no way out that leaves it empty. */
function isSetBy({ expression }: ts.CallExpression, text: string): boolean {
  if (!ts.isIdentifier(expression)) return false
  const callee = expression
    .getSourceFile()
    .statements.filter(ts.isFunctionDeclaration)
    .find(({ name }) => name?.text === expression.text)
  if (!callee?.body) return false
  const { body } = callee
  const isAlwaysGiven = own(body, ts.isReturnStatement).every(
    (each) => each.expression !== undefined && !isNull(bare(each.expression)),
  )
  const isLoud = own(body, ts.isCatchClause).every((each) => own(each.block, ts.isThrowStatement).length > 0)
  return isAlwaysGiven && isLoud && all(body, isAssignment).some((each) => sets(each, text))
}

function asksFor(condition: ts.Expression, text: string): boolean {
  return [...all(condition, ts.isIdentifier), ...all(condition, ts.isPropertyAccessExpression)].some(
    (each) => each.getText() === text,
  )
}

function isSetByBoth({ thenStatement, elseStatement }: ts.IfStatement, text: string): boolean {
  return [thenStatement, elseStatement].every(
    (side) => side !== undefined && own(side, isAssignment).some(({ left }) => left.getText() === text),
  )
}

/** `let client`: until somebody puts something there, nothing is there. */
export function startsEmpty(declaration: ts.Node): boolean {
  return (
    ts.isVariableDeclaration(declaration) &&
    !declaration.initializer &&
    !declaration.type &&
    ts.isVariableStatement(declaration.parent.parent) &&
    !hasModifier(declaration.parent.parent, ts.SyntaxKind.DeclareKeyword)
  )
}
