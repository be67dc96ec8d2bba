import ts from 'typescript'
import { calleeOf } from '../recognise/callees.js'
import { outermostFunction } from '../recognise/containers.js'
import { isHandler } from '../recognise/handlers.js'
import type { Operation } from '../recognise/operations.js'
import { otherWaitsIn } from '../recognise/other-waits.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { catchOn } from '../recognise/handling/rejections.js'
import { above, all, bare, inPlaceOf, isAssignment, isFunction, symbolOf } from '../syntax.js'
import { namesCheck } from '../recognise/shape.js'
import { isAccessor, runsGiven } from './r6/accessors.js'

/** R6: callers of a cache or limiter do not catch its errors; it has none. */
export const noGuardsInCallers: Rule = {
  id: 'R6',
  title: 'no try/catch around cache and limiter calls in calling code',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    const byTry = new Map<ts.TryStatement, Operation[]>()
    const clean = new Map<ts.Node, ts.CallExpression>()
    for (const operation of context.operations.in(file)) {
      if (context.roles.ofOperation(operation).role !== 'application') continue
      const { call, kind } = operation
      const caught = catchOn(call)
      // What is attached to the promise itself hears it before any try does.
      const around = caught ? undefined : tryAround(call)
      if (around) byTry.set(around, [...(byTry.get(around) ?? []), operation])
      else if (caught && !signalsByRejecting(operation, context) && !isAccessor(call, context))
        yield violation(caught, call)
      else if (!caught && kind !== 'client') clean.set(outermostFunction(call) ?? file, call)
    }
    for (const [node, operations] of byTry) {
      if (isAbout(node, operations, context)) yield violation(node, operations[0]!.call)
    }
    for (const call of clean.values())
      yield {
        node: call,
        site: 'conforms',
        what: `${symbolOf(call) || 'the module'} leaves errors to what it asks`,
      }
  },
}

function violation(node: ts.Node, call: ts.CallExpression): Judgement {
  return {
    node,
    message: `${symbolOf(call) || 'This code'} catches the errors of ${nameIn(call)} itself: each caller decides anew what an outage means, and the next one forgets to.`,
    remedy:
      'Catch, log and count inside the cache or limiter, which then answers as for a miss; call it here without a try.',
    related: node === call ? [] : [{ node: call, what: 'the call that it is about' }],
  }
}

function nameIn(call: ts.CallExpression): string {
  const text = call.expression.getText().replaceAll(/\s+/g, ' ')
  return text.length > 40 ? `…${text.slice(-39)}` : text
}

/** The nearest try that would catch what the call rejects with. */
function tryAround(call: ts.Node): ts.TryStatement | undefined {
  for (let each = call; each.parent !== undefined; each = each.parent) {
    const { parent } = each
    if (ts.isTryStatement(parent) && parent.tryBlock === each && parent.catchClause) return parent
    if (ts.isFunctionDeclaration(each) || ts.isMethodDeclaration(each) || ts.isClassLike(each))
      return undefined
  }
  return undefined
}

/** Whether the try is there for the cache: a try around a whole request only happens to contain it. */
function isAbout(node: ts.TryStatement, operations: Operation[], context: RuleContext): boolean {
  if (operations.some((each) => signalsByRejecting(each, context))) return false
  if (doesAgain(node, operations, context)) return true
  if (isAccessor(node, context)) return false
  const loads = operations.filter(({ call }) => call.arguments.some(ts.isFunctionLike)).length
  const others = otherWaitsIn(node.tryBlock, operations, context.products).length + loads
  const isAll = isWholeBody(node)
  // A handler that only tells of a limit answers its request with an error, as it does for whatever else fails.
  if (others === 0) return !(isAll && operations.every(onlyTells))
  if (isAll) return false
  const named = /redis|valkey|cache|rate.?limit|limiter/i.test(node.catchClause?.block.getText() ?? '')
  const asked = waitsFor(operations)
  return asked > others || (named && asked === others)
}

/** What is waited for together counts once, as a query of a database does. */
function waitsFor(operations: Operation[]): number {
  const isAwait = (node: ts.Node): node is ts.Node => ts.isAwaitExpression(node) || ts.isStatement(node)
  return new Set(operations.map(({ call }) => above(call, isAwait))).size
}

/** The catch loads anew what the try would have: only for the cache is it there. */
function doesAgain(
  { tryBlock, catchClause }: ts.TryStatement,
  operations: Operation[],
  { products, project }: RuleContext,
): boolean {
  const loaded = catchClause ? all(catchClause.block, ts.isCallExpression).filter(isUsed) : []
  const again = new Set(loaded.map((each) => each.getText()))
  if (again.size === 0) return false
  return otherWaitsIn(tryBlock, operations, products)
    .map(({ expression }) => bare(expression))
    .some((each) => again.has(each.getText()) && (runsNext(each) || !runsGiven(each, project)))
}

/** What comes after a middleware runs twice when it fails itself. */
function runsNext(node: ts.Expression): boolean {
  const around = above(node, isFunction)
  return ts.isCallExpression(node) && node.expression.getText() === 'next' && !!around && isHandler(around)
}

function isUsed(call: ts.CallExpression): boolean {
  const { parent } = inPlaceOf(call)
  return ts.isReturnStatement(parent) || ts.isVariableDeclaration(parent) || isAssignment(parent)
}

/** What a limiter is asked besides whether somebody may go on: `limiter.stateOf(ip)`. */
function onlyTells({ kind, method }: Operation): boolean {
  return kind === 'limiter' && !namesCheck(method)
}

function isWholeBody(node: ts.TryStatement): boolean {
  const nearest = above(node, isFunction)
  // One of the handlers that a router's maker registers is a whole of its own.
  const body = (nearest && isHandler(nearest) ? nearest : outermostFunction(node))?.body
  if (body === undefined) return false
  const isOnly =
    ts.isBlock(body) && body === nearest?.body && body.statements.length === 1 && body === node.parent
  return isOnly || node.tryBlock.getText().length > 0.6 * body.getText().length
}

/** A limiter that rejects when the limit is reached must be caught by whoever asks it. */
function signalsByRejecting({ kind, method, call, through }: Operation, { project }: RuleContext): boolean {
  if (kind !== 'limiter') return false
  if (/^(?:consume|removeTokens)$/.test(method)) return true
  const callee = through ?? calleeOf(call, project)
  return (
    callee !== undefined &&
    all(callee.body, ts.isThrowStatement).some((each) => above(each, ts.isCatchClause) === undefined)
  )
}
