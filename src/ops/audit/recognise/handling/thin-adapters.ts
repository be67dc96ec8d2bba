import ts from 'typescript'
import type { RuleContext } from '../../rule.js'
import { above, all, functionAt, lastName, type FunctionNode } from '../../syntax.js'
import { callAt } from '../callees.js'
import { usesOf } from './callers.js'
import { catchAround, catchOn } from './rejections.js'

const known = new WeakMap<RuleContext, Map<ts.ClassLikeDeclaration, boolean>>()

/**
 * A class that only hands on what a client answers, below a cache that handles it: it is a client under another name. Who
 * asks it without that cache is told of there.
 */
export function isUnderCache(node: FunctionNode, context: RuleContext): boolean {
  const holder = ts.isMethodDeclaration(node) ? above(node, ts.isClassLike) : undefined
  if (!holder) return false
  const answers = known.get(context) ?? new Map<ts.ClassLikeDeclaration, boolean>()
  known.set(context, answers)
  const answer = answers.get(holder) ?? (isThin(holder, context) && isGuardedAbove(holder, context))
  answers.set(holder, answer)
  // A layer that lets it through is told of nowhere else.
  return answer && layersAsking(node, holder, context).every(isGuarded)
}

function methodsOf(holder: ts.ClassLikeDeclaration): FunctionNode[] {
  return holder.members.filter(ts.isMethodDeclaration).flatMap((each) => functionAt(each) ?? [])
}

/** What its methods ask is the client, and none of those handles anything. */
function isThin(holder: ts.ClassLikeDeclaration, { operations }: RuleContext): boolean {
  const asking = methodsOf(holder).flatMap(({ body }) => {
    const asked = operations.within(body).filter(({ method }) => !/^ping$/i.test(method))
    return asked.length > 0 ? [{ body, asked }] : []
  })
  return (
    asking.length > 0 &&
    asking.every(
      ({ body, asked }) =>
        asked.every(({ kind }) => kind === 'client') &&
        all(body, ts.isCatchClause).length === 0 &&
        !all(body, ts.isCallExpression).some(({ expression }) => lastName(expression) === 'catch'),
    )
  )
}

/** A cache or limiter that is not it handles what it asks of it. */
function isGuardedAbove(holder: ts.ClassLikeDeclaration, context: RuleContext): boolean {
  return methodsOf(holder).some((each) => layersAsking(each, holder, context).some(isGuarded))
}

function layersAsking(node: FunctionNode, holder: ts.ClassLikeDeclaration, context: RuleContext): ts.Node[] {
  return usesOf(node, context)
    .map(callAt)
    .filter((call) => above(call, ts.isClassLike) !== holder)
    .filter((call) => context.roles.of(call).role === 'implementation')
}

function isGuarded(call: ts.Node): boolean {
  return catchAround(call) !== undefined || catchOn(call) !== undefined
}
