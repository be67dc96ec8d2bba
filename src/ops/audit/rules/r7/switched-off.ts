import ts from 'typescript'
import { failureListenersIn } from '../../recognise/failure-listeners.js'
import { assignmentsTo, isMadeAgain } from '../../recognise/revival.js'
import type { RuleContext, Violation } from '../../rule.js'
import { above, all, bare, isAssignment, isFunction, isNull, isWithin, nameOf } from '../../syntax.js'
import { hungUp } from './hung-up.js'

const REMEDY =
  'Keep the client, which connects again by itself, and let a circuit breaker or a deadline keep callers from waiting for it.'

// Those who wait for messages are no cache, and have a policy of their own.
const SUBSCRIBES = /subscri|pub_?sub|publisher/i

/** A failure that switches Redis off until the process is restarted. */
export function* switchedOff(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  yield* hungUp(file, context)
  const seen = new Set<ts.Node>()
  for (const body of failuresIn(file, context)) {
    for (const assignment of all(body, isAssignment)) {
      if (seen.has(assignment)) continue
      seen.add(assignment)
      const declaration = context.project.declarationOf(nameOf(assignment.left))
      if (!declaration || !outlives(declaration) || SUBSCRIBES.test(assignment.left.getText())) continue
      if (dropsClient(assignment, declaration, context)) {
        yield {
          node: assignment,
          message: `One failure sets ${assignment.left.getText()} to nothing and nobody makes it again: the service stays without Redis until it is restarted, also when Redis has long been back.`,
          remedy: REMEDY,
        }
      } else if (lowersFlag(assignment, declaration, context)) {
        yield {
          node: assignment,
          message: `One failure sets ${assignment.left.getText()} for good: operations are left out from then on, also when Redis has long been back.`,
          remedy: 'Let it expire: try again after a while, or at the `ready` of the connection.',
        }
      }
    }
  }
}

/** What runs when an operation or the connection has failed. */
function failuresIn(file: ts.SourceFile, context: RuleContext): ts.Node[] {
  const handlers = context.handling
    .in(file)
    .flatMap((handler) =>
      handler.body && context.handling.guardedBy(handler).length > 0 ? [handler.body] : [],
    )
  return [...handlers, ...failureListenersIn(file, context).map(({ body }) => body)]
}

function outlives(declaration: ts.Declaration): boolean {
  if (ts.isVariableDeclaration(declaration)) return above(declaration, ts.isFunctionLike) === undefined
  return (
    ts.isPropertyDeclaration(declaration) ||
    ts.isPropertyAccessExpression(declaration) ||
    ts.isBinaryExpression(declaration)
  )
}

function dropsClient(
  { left, right }: ts.BinaryExpression,
  holder: ts.Declaration,
  context: RuleContext,
): boolean {
  return (
    isNull(bare(right)) &&
    assignmentsTo(holder, context)
      .map((each) => each.right)
      .concat(
        'initializer' in holder && holder.initializer ? [holder.initializer as ts.Expression] : [],
        left,
      )
      .some((value) => context.products.of(value).some(({ kind }) => kind === 'client')) &&
    !isMadeAgain(holder, context)
  )
}

/** `redisAvailable = false`, asked before operations, and never set back by anything that runs. */
function lowersFlag(assignment: ts.BinaryExpression, flag: ts.Declaration, context: RuleContext): boolean {
  const value = booleanOf(assignment.right)
  if (value === undefined || !isAskedBeforeOperations(flag, value, context)) return false
  return !assignmentsTo(flag, context).some((other) => {
    if (booleanOf(other.right) === value) return false
    const within = above(other, ts.isFunctionLike)
    return within !== undefined && !ts.isConstructorDeclaration(within) && runs(within, context)
  })
}

function booleanOf(node: ts.Expression): boolean | undefined {
  const { kind } = bare(node)
  return kind === ts.SyntaxKind.TrueKeyword ? true : kind === ts.SyntaxKind.FalseKeyword ? false : undefined
}

/** Whether operations are left out while the flag has this value. */
function isAskedBeforeOperations(
  flag: ts.Declaration,
  value: boolean,
  { references, operations, handling }: RuleContext,
): boolean {
  return references.to(flag as ts.NamedDeclaration).some((use) => {
    const branch = above(use, isBranch)
    const condition = branch && ('condition' in branch ? branch.condition : branch.expression)
    if (!branch || !isWithin(use, condition) || !leavesOut(branch, use, value)) return false
    const within = above(use, isFunction)
    if (!within) return false
    const isOperating = operations.within(within.body).length > 0
    return (
      isOperating ||
      handling
        .in(within.getSourceFile())
        .some((each) => isWithin(each.node, within) && handling.guardedBy(each).length > 0)
    )
  })
}

/** `if (!isUp) return`, `if (isUp) await redis.set(…)`, `isUp ? await redis.get(key) : null`. */
function leavesOut(branch: ts.IfStatement | ts.ConditionalExpression, use: ts.Node, value: boolean): boolean {
  let holds = value
  for (let each = use; each !== branch; each = each.parent)
    if (ts.isPrefixUnaryExpression(each) && each.operator === ts.SyntaxKind.ExclamationToken) holds = !holds
  if (ts.isConditionalExpression(branch)) return true
  const isLeft =
    all(branch.thenStatement, ts.isReturnStatement).length > 0 &&
    all(branch.thenStatement, ts.isAwaitExpression).length === 0
  return isLeft ? holds : !holds
}

function isBranch(node: ts.Node): node is ts.IfStatement | ts.ConditionalExpression {
  return ts.isIfStatement(node) || ts.isConditionalExpression(node)
}

/** Callbacks run; a function that has a name runs where it is called. */
function runs(node: ts.SignatureDeclaration, { references }: RuleContext): boolean {
  const named = node.name ? node : ts.isVariableDeclaration(node.parent) ? node.parent : undefined
  return !named || references.to(named as ts.NamedDeclaration).some((use) => !isWithin(use, node))
}
