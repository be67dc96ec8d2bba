import ts from 'typescript'
import type { RuleContext } from '../../rule.js'
import { above, isFunction, isPrivate, lastName, type FunctionNode } from '../../syntax.js'
import { callAt, calleeOf } from '../callees.js'
import { isExported } from '../containers.js'
import { fateOf, type Fate } from '../fates.js'
import { isHandler } from '../handlers.js'
import { isOperatorCode } from '../operator-code.js'
import { usesOf } from './callers.js'
import { failsInTurn } from './failed-answers.js'
import { catches, COLLECTS, endsInThrow, isSafe, isSwallowing } from './guards.js'
import { catchAround, catchOn, catchOnHeld } from './rejections.js'
import { isUnderCache } from './thin-adapters.js'
import { givesOut, passesOn } from './wrappers.js'

/** What becomes of a rejection: `escapes` reaches a caller of this code; `out of sight` is another's to handle. */
export type Outcome = 'handled' | 'rethrown' | 'escapes' | 'out of sight'

// Functions that call functions are read through; a failure is seldom handled further away than this.
const MAX_DEPTH = 4
const LATER =
  /^(?:setTimeout|setInterval|setImmediate|queueMicrotask|nextTick|on|once|addListener|addEventListener)$/

/** Follows a rejection outwards from the call that may reject. */
export function outcomeOf(node: ts.Node, context: RuleContext, depth = 0): Outcome {
  let rethrown = false
  let fate = fateOf(node, context.project)
  for (let each = node; each.parent !== undefined; each = each.parent) {
    const { parent } = each
    if (ts.isExpression(each) && (catchOn(each) || catchOnHeld(each))) return 'handled'
    // What nobody waits for is not seen by the try around it, nor by any caller.
    if (ts.isStatement(each) && fate === 'dropped') return 'escapes'
    const isSeen = fate === 'awaited' || fate === 'kept'
    if (isSeen && ts.isTryStatement(parent) && parent.tryBlock === each && parent.catchClause) {
      if (failsInTurn(parent, { failing: node, isOfCaller: depth > 0 }, context)) {
        if (!endsInThrow(parent.catchClause)) return 'escapes'
      } else if (endsInThrow(parent.catchClause)) rethrown = true
      else return 'handled'
    }
    if (ts.isCallExpression(parent) && parent.expression !== each && isSafe(parent, context.project))
      return 'handled'
    if (!isFunction(each)) continue
    const outwards = ofFunction(each, context, depth)
    if (outwards !== 'inline') return rethrown && outwards === 'escapes' ? 'rethrown' : outwards
    fate = fateOfRun(each, context)
  }
  // At the top level the process does not start, and says so.
  return 'out of sight'
}

/** Of the call that a function is given to, or that runs it at once. */
function fateOfRun(node: FunctionNode, { project }: RuleContext): Fate {
  let each: ts.Node = node
  while (ts.isParenthesizedExpression(each.parent)) each = each.parent
  if (!ts.isCallExpression(each.parent)) return 'kept'
  // What is returned to it goes nowhere.
  return lastName(each.parent.expression) === 'forEach' ? 'dropped' : fateOf(each.parent, project)
}

function ofFunction(node: FunctionNode, context: RuleContext, depth: number): Outcome | 'inline' {
  const { parent } = node
  if (ts.isCallExpression(parent) && parent.expression !== node) return ofClosure(node, parent, context)
  if (ts.isCallExpression(parent) || ts.isParenthesizedExpression(parent)) return 'inline'
  if (ts.isNewExpression(parent)) return 'inline'
  if (isAdapter(node)) return 'out of sight'
  if (isSwallowing(node, context)) return 'handled'
  if (depth >= MAX_DEPTH) return 'escapes'
  return isCalledHereOnly(node, context)
    ? ofCallers(node, context, depth)
    : ofLayerAbove(node, context, depth)
}

/** `safely(() => redis.get(key))`: whoever is given the operation may handle it; who registers a listener does not. */
function ofClosure(
  node: FunctionNode,
  call: ts.CallExpression,
  { project }: RuleContext,
): Outcome | 'inline' {
  const name = lastName(call.expression)
  if (LATER.test(name) || isHandler(node) || givesOut(call)) return 'escapes'
  if (COLLECTS.test(name) || passesOn(call)) return 'inline'
  const callee = calleeOf(call, project)
  return callee && !catches(callee, project) ? 'inline' : 'out of sight'
}

/** A member of an object that another package is given: what it does with a rejection is its contract. */
function isAdapter(node: FunctionNode): boolean {
  const member = ts.isMethodDeclaration(node) ? node : node.parent
  // The parent of a declaration is the file, which has none.
  if (member.parent === undefined || !ts.isObjectLiteralExpression(member.parent)) return false
  const { parent } = member.parent
  if (ts.isCallExpression(parent)) return !givesOut(parent)
  return ts.isNewExpression(parent) || ts.isPropertyAssignment(parent)
}

/** Private to its class or module: all who call it are in sight. */
function isCalledHereOnly(node: FunctionNode, context: RuleContext): boolean {
  if (ts.isConstructorDeclaration(node)) return false
  // A member of an object goes where the object goes.
  if (ts.isPropertyAssignment(node.parent)) {
    const uses = usesOf(node, context)
    return uses.length > 0 && uses.every((use) => use.getSourceFile() === node.getSourceFile())
  }
  if (ts.isMethodDeclaration(node) || ts.isPropertyDeclaration(node.parent)) {
    return isPrivate(ts.isMethodDeclaration(node) ? node : node.parent)
  }
  return !isExported(node)
}

function ofCallers(node: FunctionNode, context: RuleContext, depth: number): Outcome {
  const declaration = (node.name ? node : node.parent) as ts.NamedDeclaration
  const uses = context.references
    .to(declaration)
    .filter((each) => each.getSourceFile() === node.getSourceFile())
  if (uses.length === 0) return 'escapes'
  const outcomes = uses.map((use) => outcomeOf(callAt(use), context, depth + 1))
  return outcomes.find((each) => each === 'escapes') ?? outcomes[0]!
}

/**
 * A client under a guard: what a class or module gives out is handled where it is used, if only other parts of the
 * implementation use it, or give it to a guard. A try in the application is no excuse.
 */
function ofLayerAbove(node: FunctionNode, context: RuleContext, depth: number): Outcome {
  if (context.roles.of(node.body).role !== 'implementation') return 'escapes'
  if (isUnderCache(node, context)) return 'out of sight'
  const asked = usesOf(node, context)
    .map(callAt)
    .filter((call) => !isOperatorCode(call.getSourceFile(), context))
  const served = asked.filter((call) => !isExempt(call, context))
  const calls = served.length > 0 ? served : asked
  const guarded = calls.filter((call) => isGuardedByApplication(call, context))
  if (guarded.length > 0 && !(guarded.length === calls.length && isOneFacade(calls))) return 'escapes'
  const outcomes = calls.map((call) => {
    const outcome = outcomeOf(call, context, depth + 1)
    // What is put into an export goes to callers that nobody can name.
    return outcome === 'out of sight' && !ts.isCallExpression(call) ? 'escapes' : outcome
  })
  if (outcomes.length === 0 || outcomes.includes('escapes')) return 'escapes'
  // It is told where it is thrown on.
  return outcomes.includes('rethrown') ? 'out of sight' : 'handled'
}

/** Locks and primary stores must fail, and say nothing of how the others are asked. */
function isExempt(call: ts.Node, { operations, roles }: RuleContext): boolean {
  const operation = operations.at(call)
  return operation !== undefined && roles.ofOperation(operation).role === 'exempt'
}

/** One class asks it, and handles whatever it asks: the two are one cache. */
function isOneFacade(calls: readonly ts.Node[]): boolean {
  const holders = new Set(calls.map((call) => above(call, ts.isClassLike)))
  return holders.size === 1 && !holders.has(undefined)
}

function isGuardedByApplication(call: ts.Node, { operations, roles }: RuleContext): boolean {
  const isGuarding = catchAround(call) !== undefined || catchOn(call) !== undefined
  return isGuarding && roles.of(call).role === 'application' && operations.at(call) !== undefined
}
