import ts from 'typescript'
import { calleeOf } from '../recognise/callees.js'
import { folderName, outermostFunction } from '../recognise/containers.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { above, all, bare, isAssignment, isWithin, symbolOf } from '../syntax.js'
import { branchesIn } from './r3/branches.js'
import { isDemanded } from './r3/demanded.js'
import { constructionsOf, isBuiltWith, isHandedOn, isHandedToOne } from './r3/handed-on.js'
import { optionalCallsIn } from './r3/optional-calls.js'
import { questionsIn } from './r3/questions.js'
import { asksRedisService } from './r3/redis-services.js'

/** R3: application code does not ask whether a cache or limiter is there; the implementation knows. */
export const noNullChecks: Rule = {
  id: 'R3',
  title: 'no null checks on a cache or limiter in application code',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    const asking = new Map<ts.Node, Asking[]>()
    const using = new Map<ts.Node, boolean>()
    const isUsed = (part: ts.Node): boolean => {
      const isKnown = using.get(part) ?? uses(part, context)
      using.set(part, isKnown)
      return isKnown
    }
    for (const { condition, guarded, node } of branchesIn(file)) {
      // What stands in a branch is found sooner than what its condition asks.
      const isWorthAsking = guarded.some(
        (part) => isUsed(part) || constructionsOf(part).length > 0 || isHandedOn(condition, part),
      )
      if (!isWorthAsking) continue
      const [question] = questionsIn(condition, context)
      if (!question || isDemanded(node, context) || !isCaller(node, context)) continue
      if (
        isGivenThere(question.node, guarded) ||
        !(
          guarded.some((part) => isUsed(part) || isBuiltWith(question.node, part)) ||
          (isHandedToOne(question.node, guarded) && context.receivers.of(question.node) !== undefined)
        )
      )
        continue
      const within = outermostFunction(node) ?? file
      asking.set(within, [...(asking.get(within) ?? []), { guarded }])
      yield violation(question.node, question.thing)
    }
    yield* ofCalls(file, asking, context)
  },
}

/** A branch that asks, and what it guards. */
interface Asking {
  guarded: ts.Node[]
}

/** Optional calls that no branch asks for already; then the functions that ask nothing. */
function* ofCalls(
  file: ts.SourceFile,
  asking: ReadonlyMap<ts.Node, Asking[]>,
  context: RuleContext,
): Generator<Judgement> {
  const clean = new Map<ts.Node, ts.CallExpression>()
  const optional = new Set<ts.Node>()
  for (const { receiver, call } of optionalCallsIn(file, context)) {
    const asked = asking.get(outermostFunction(call) ?? file) ?? []
    if (!isCaller(call, context) || asked.some((each) => isAskedBy(each, receiver))) continue
    optional.add(above(call, isNamedFunction) ?? file)
    yield violation(receiver, `${receiver.getText()}?`)
  }
  for (const operation of context.operations.in(file)) {
    const { call, receiver, kind } = operation
    if (context.roles.ofOperation(operation).role !== 'application') continue
    const scope = above(call, isNamedFunction) ?? file
    const asked = [...(asking.get(scope) ?? []), ...(asking.get(outermostFunction(call) ?? file) ?? [])]
    if (isOptional(receiver)) {
      if (asked.some((each) => isAskedBy(each, receiver))) continue
      optional.add(scope)
      clean.delete(scope)
      yield violation(receiver, `${receiver.getText()}?`)
    } else if (asked.length === 0 && !optional.has(scope) && !clean.has(scope) && kind !== 'client')
      clean.set(scope, call)
  }
  for (const call of clean.values())
    yield {
      node: call,
      site: 'conforms',
      what: `${symbolOf(call) || 'the module'} asks without asking whether it is there`,
    }
}

/** What the branch guards includes the call. */
function isAskedBy({ guarded }: Asking, receiver: ts.Expression): boolean {
  return guarded.some((part) => isWithin(receiver, part))
}

function violation(node: ts.Expression, thing: string): Judgement {
  return {
    node,
    message: `${symbolOf(node) || 'This code'} asks whether ${short(thing)} is there: without Redis it runs another path than its tests do, and every caller must remember to ask.`,
    remedy:
      'Let the factory give a pass-through where there is no Redis (`redis ?? createPassThroughRedis()`), and call it unconditionally.',
  }
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}

function isNamedFunction(node: ts.Node): node is ts.Node {
  return ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node)
}

function isCaller(node: ts.Node, { roles }: RuleContext): boolean {
  // A folder of its own holds what is kept in Redis, whatever its parts are called: `redis/maintenance.ts`.
  return (
    roles.of(node).role === 'application' &&
    !/^(?:redis|valkey|upstash)$/i.test(folderName(node.getSourceFile()))
  )
}

/** Lazy initialisation: what is missing is made. */
function isGivenThere(thing: ts.Expression, guarded: ts.Node[]): boolean {
  const text = bare(thing).getText()
  return guarded.some((part) =>
    all(part, isAssignment).some(({ left }) => left.getText() === text && isWithin(left, part)),
  )
}

/** An operation stands there, or a call of a function that does one. */
function uses(part: ts.Node, context: RuleContext): boolean {
  const { operations, roles, project } = context
  if (operations.within(part).some((operation) => roles.ofOperation(operation).role !== 'exempt')) return true
  if (asksRedisService(part, context)) return true
  return all(part, ts.isCallExpression).some((call) => {
    const callee = calleeOf(call, project)
    return (
      callee !== undefined &&
      roles.of(callee.body).role === 'application' &&
      operations
        .within(callee.body)
        .some((each) => each.kind === 'client' && roles.ofOperation(each).role === 'application')
    )
  })
}

function isOptional(receiver: ts.Expression): boolean {
  let each: ts.Node = receiver
  while (ts.isParenthesizedExpression(each.parent) || ts.isNonNullExpression(each.parent)) each = each.parent
  const { parent } = each
  const isReceiver =
    (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) &&
    parent.expression === each
  return isReceiver && parent.questionDotToken !== undefined
}
