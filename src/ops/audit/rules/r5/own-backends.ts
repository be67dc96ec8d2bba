import ts from 'typescript'
import { callAt } from '../../recognise/callees.js'
import { outermostFunction } from '../../recognise/containers.js'
import { fateOf } from '../../recognise/fates.js'
import { usesOf } from '../../recognise/handling/callers.js'
import { endsInThrow } from '../../recognise/handling/guards.js'
import { outcomeOf } from '../../recognise/handling/outcome.js'
import { catchAround } from '../../recognise/handling/rejections.js'
import { isOperatorCode } from '../../recognise/operator-code.js'
import type { Operation } from '../../recognise/operations.js'
import type { RuleContext, Violation } from '../../rule.js'
import { all, hasModifier, isFunction, symbolOf, type FunctionNode } from '../../syntax.js'
import { toldOnceIn } from './scope.js'

/** Who asks a cache, limiter or helper of ours that lets through what its client rejects with. */
export function* ofOwnBackends(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  if (isOperatorCode(file, context)) return
  const told = new Map<ts.Node, Set<FunctionNode>>()
  const asked = new Set<ts.Node>()
  for (const operation of context.operations.in(file)) {
    const { call } = operation
    asked.add(call)
    const failing = failingBelow(operation, context)
    if (!failing || !reachesCaller(operation, context)) continue
    // Said once for all that one function asks of another.
    const scope = toldOnceIn(call)
    const known = told.get(scope) ?? new Set<FunctionNode>()
    if (known.has(failing.callee)) continue
    told.set(scope, known.add(failing.callee))
    yield violation(call, failing.operation, context)
  }
  for (const call of all(file, ts.isCallExpression)) {
    if (asked.has(call) || !isForgotten(call)) continue
    const failing = failingIn(call, context)
    if (!failing || !isAsynchronous(failing.callee, context)) continue
    if (context.roles.of(call).role !== 'exempt') yield violation(call, failing.operation, context)
  }
}

interface Failing {
  callee: FunctionNode
  /** What it asks without handling the failure. */
  operation: Operation
}

function failingBelow({ kind, call, through }: Operation, context: RuleContext): Failing | undefined {
  // A helper of the implementation that is given its client is judged where it is called.
  const isClient = kind === 'client' && (!through || context.roles.of(through.body).role === 'implementation')
  return isClient ? undefined : failingIn(call, context)
}

function failingIn(call: ts.CallExpression, context: RuleContext): Failing | undefined {
  for (const callee of context.implementers.calleesOf(call)) {
    const operation = leaving(callee, context)
    if (operation) return { callee, operation }
  }
  return undefined
}

const known = new WeakMap<RuleContext, Map<FunctionNode, Operation | undefined>>()

/** What a client is asked for within a function, also through caches of ours, whose failure leaves it. */
function leaving(node: FunctionNode, context: RuleContext): Operation | undefined {
  const answers = known.get(context) ?? new Map<FunctionNode, Operation | undefined>()
  known.set(context, answers)
  if (answers.has(node)) return answers.get(node)
  // A function that calls itself is asked about only once.
  answers.set(node, undefined)
  for (const operation of context.handling.escapingFrom(node)) {
    if (context.roles.ofOperation(operation).role === 'exempt' || operation.method === 'connect') continue
    const found = operation.kind === 'client' ? operation : failingIn(operation.call, context)?.operation
    if (!found) continue
    answers.set(node, found)
    return found
  }
  return undefined
}

/** The application is the caller that fails; a layer of the cache hands it on, unless it looks as if it did not. */
function reachesCaller(operation: Operation, context: RuleContext): boolean {
  const { call } = operation
  const { role } = context.roles.ofOperation(operation)
  if (role === 'exempt') return false
  if (role === 'implementation') return isUnseenByItsTry(call, context) || isThrownOn(call)
  return outcomeOf(call, context) === 'escapes' && !isHandledAbove(call, context)
}

/** Whoever calls the function that asks handles its failure: all of them, and somebody does. */
function isHandledAbove(call: ts.Node, context: RuleContext): boolean {
  const around = outermostFunction(call)
  if (!around || fateOf(call, context.project) === 'dropped') return false
  const uses = usesOf(around, context)
  return uses.length > 0 && uses.every((use) => outcomeOf(callAt(use), context) === 'handled')
}

/** `try { return cache.get(key) } catch { … }`: the promise leaves before it rejects. */
function isUnseenByItsTry(call: ts.Node, { project }: RuleContext): boolean {
  const fate = fateOf(call, project)
  if (fate !== 'returned' && fate !== 'dropped') return false
  for (let each = call; each.parent !== undefined && !isFunction(each.parent); each = each.parent)
    if (ts.isTryStatement(each.parent) && each.parent.tryBlock === each)
      return each.parent.catchClause !== undefined
  return fate === 'dropped'
}

/** `catch (error) { log(error); throw error }` in the cache itself: each caller has to catch it again. */
function isThrownOn(call: ts.Node): boolean {
  const clause = catchAround(call)
  return clause !== undefined && endsInThrow(clause)
}

/** `this.fill(key)` as a statement of its own. */
function isForgotten({ parent }: ts.CallExpression): boolean {
  const statement = ts.isVoidExpression(parent) ? parent.parent : parent
  if (!ts.isExpressionStatement(statement)) return false
  // At the top level the service does not start, and says so.
  return !ts.isSourceFile(statement.parent)
}

function isAsynchronous(node: FunctionNode, { project }: RuleContext): boolean {
  return (
    hasModifier(node, ts.SyntaxKind.AsyncKeyword) ||
    project.returnTypeOf(node as ts.SignatureDeclaration).isPromise
  )
}

function violation(call: ts.CallExpression, failing: Operation, { project }: RuleContext): Violation {
  const who = symbolOf(call) || 'This code'
  const what = call.expression.getText().replaceAll(/\s+/g, ' ')
  const name = what.length > 30 ? `…${what.slice(-29)}` : what
  const related = [{ node: failing.call, what: 'fails here, and nothing on the way handles it' }]
  if (fateOf(call, project) === 'dropped')
    return {
      node: call,
      message: `${who} does not wait for ${name}, which lets errors of Redis through, and nothing catches them: when Redis fails, it ends the process.`,
      remedy: 'Handle the error inside, where Redis is asked; a `.catch` here logs and counts what is left.',
      related,
    }
  return {
    node: call,
    message: `${who} fails when Redis does: ${name} lets its errors through, and nobody handles them on the way.`,
    remedy:
      'Handle the error inside, where Redis is asked, and answer as for a miss: then no caller needs to.',
    related,
  }
}
