import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, functionAt, isFunction, isWithin, lastName, nameOf } from '../syntax.js'
import { asksForBackend } from './availability.js'
import { aroundCallbacks, asksForState, commandsIn, leaves, type Place } from './outage-branches.js'
import type { ProcessStore } from './process-stores.js'
import { reads } from './store-uses.js'

export function isInstead(
  { node, within: inner }: Place,
  store: ProcessStore,
  context: RuleContext,
): boolean {
  if (isOtherClosure(inner, context)) return true
  const within = aroundCallbacks(inner)
  const commands = commandsIn(within, context)
  if (commands.length === 0) return false
  const failed = above(node, ts.isCatchClause)
  if (failed && isWithin(failed, within) && commands.some((each) => isWithin(each, failed.parent.tryBlock)))
    return true
  if (isBehind(node, within, commands, store)) return true
  if (isOtherArm(node, within, commands, context)) return true
  return all(within, ts.isIfStatement).some(({ expression, thenStatement, elseStatement }) => {
    const inside = commands.some((each) => isWithin(each, thenStatement))
    // Whatever decides: here Redis is asked, and there the process.
    if (elseStatement && isWithin(node, elseStatement) && inside) return true
    const isHere = isWithin(node, thenStatement)
    // Before the branch it is a first level in front of Redis, which only saves reads.
    const isOther = isHere ? !inside : inside && node.pos > thenStatement.end
    if (!isOther) return false
    if (asksForBackend(expression, context.products)) return true
    const isAsked = store.uses.some((use) => isWithin(use.node, expression))
    return !isAsked && leaves(thenStatement) && asksForState(expression)
  })
}

/** `redis ? await redis.get(key) : entries.get(key)`. */
function isOtherArm(
  node: ts.Node,
  within: ts.Node,
  commands: readonly ts.CallExpression[],
  { products }: RuleContext,
): boolean {
  return all(within, ts.isConditionalExpression).some(({ condition, whenTrue, whenFalse }) => {
    const asks = (arm: ts.Node) => commands.some((each) => isWithin(each, arm))
    const isHere = (arm: ts.Node) => isWithin(node, arm) && !asks(arm)
    const isChoice = (isHere(whenFalse) && asks(whenTrue)) || (isHere(whenTrue) && asks(whenFalse))
    // `local.has(key) ? local.get(key) : await redis.get(key)` only saves reads.
    return isChoice && (asksForBackend(condition, products) || asksForState(condition))
  })
}

/** `withFallback(() => redis.get(key), () => entries.get(key))`: the second is asked when the first has failed. */
function isOtherClosure(closure: ts.SignatureDeclaration, context: RuleContext): boolean {
  const call = closure.parent
  if (!ts.isArrowFunction(closure) || !ts.isCallExpression(call)) return false
  const at = call.arguments.indexOf(closure)
  const isAsked = call.arguments
    .slice(0, Math.max(at, 0))
    .some((each) => isFunction(each) && commandsIn(each, context).length > 0)
  if (!isAsked) return false
  const declaration = context.project.declarationOf(nameOf(call.expression))
  const helper = declaration && functionAt(declaration)
  return helper
    ? all(helper, ts.isCatchClause).length > 0
    : /fallback|orElse|recover/i.test(lastName(call.expression))
}

const READS = /^(?:get|mget|hget|hgetall|getdel|exists|ttl)$/i

/** Asked when Redis had no answer: then it is no first level in front of it, but what remains without it. */
function isBehind(
  node: ts.Node,
  within: ts.Node,
  commands: readonly ts.CallExpression[],
  store: ProcessStore,
): boolean {
  const isRead = ({ expression }: ts.CallExpression) => READS.test(lastName(expression))
  const asked = commands.find((each) => isRead(each) && each.end < node.pos && !isWithin(node, each))
  if (!asked) return false
  const isFirst = store.uses.some(
    (use) => reads(use) && isWithin(use.node, within) && use.node.pos < asked.pos,
  )
  if (isFirst || isOfWork(store)) return false
  // A hit has left the function before.
  return all(within, ts.isReturnStatement).some((each) => each.pos > asked.pos && each.end < node.pos)
}

/** Who asks for the same meanwhile waits for the work that is under way. */
function isOfWork({ name, uses }: ProcessStore): boolean {
  if (/flight|pending|loading|running|promise/i.test(name)) return true
  return uses.some(({ node, method }) => {
    const attempt = method === 'delete' ? above(node, ts.isTryStatement) : undefined
    return attempt?.finallyBlock !== undefined && isWithin(node, attempt.finallyBlock)
  })
}
