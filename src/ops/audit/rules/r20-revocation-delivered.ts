import ts from 'typescript'
import type { Rule, RuleContext } from '../rule.js'
import {
  above,
  all,
  bare,
  functionAt,
  isFunction,
  isWithin,
  lastName,
  nameOf,
  type FunctionNode,
} from '../syntax.js'
import { isAuthorisation, nameOfFunction } from './r20/authorisation.js'
import { swallowerOf } from './r20/swallowed.js'

const REMOVES =
  /^(?:del|unlink|hdel|(?:delete|remove|invalidate|evict|purge|revoke|clear|bust|forget|expire)(?![a-z])\w*)$/
// Tidying up: what is removed here was found unusable, or was never given out.
const TIDIES = /^(?:get|read|find|load|fetch|parse|sweep|cleanup|prune|list|create)/
const UNUSABLE = /expired|corrupt|malformed|invalid|stale|orphan|mismatch/i

/** R20: the removal of what says who may do what reaches Redis, or somebody hears that it did not. */
export const revocationDelivered: Rule = {
  id: 'R20',
  title: 'invalidation of authorisation data is delivered',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    for (const { call, kind } of context.operations.in(file)) {
      if (kind === 'limiter' || !removes(call)) continue
      if (!isAuthorisation(call, context) || isTidying(call)) continue
      const swallower = swallowerOf(call, context)
      const inside = swallower ? undefined : swallowedInside(call, context)
      if (swallower || inside) {
        yield {
          node: call,
          message: `${call.expression.getText()} removes what decides who may do what, and its failure ends in a handler that does nothing about it: when Redis fails at that moment, a revoked login goes on being served until the entry expires.`,
          remedy:
            'Let the caller hear of it, or keep it for delivery: rethrow, retry, write it to an outbox, or use a cache that journals invalidations.',
          related: [{ node: (swallower ?? inside)!, what: 'the failure ends here' }],
          ...(inside && { confidence: 'medium' as const }),
        }
      } else
        yield {
          node: call,
          site: 'conforms',
          what: `a failure of ${call.expression.getText()} is not swallowed`,
        }
    }
  },
}

/** `expire(key, 1)` removes as well; with a longer time it only says how long the entry may live. */
function removes({ expression, arguments: [, seconds] }: ts.CallExpression): boolean {
  const method = lastName(expression)
  if (method === 'expire' && seconds && !/^[01]$/.test(seconds.getText())) return false
  return REMOVES.test(method)
}

/** The method that is called takes any key and swallows: only the caller knows what the entry is. */
function swallowedInside(call: ts.CallExpression, context: RuleContext): ts.Node | undefined {
  const declaration = context.project.declarationOf(nameOf(bare(call.expression)))
  const fn = declaration && functionAt(declaration)
  if (!fn || isWithin(call, fn)) return undefined
  for (const inner of all(fn.body, ts.isCallExpression)) {
    if (!removes(inner) || inner.arguments.length === 0) continue
    // A removal that is judged where it stands is not reported again for each of its callers.
    if (!context.operations.at(inner)) continue
    if (isAuthorisation(inner, context)) continue
    const swallower = swallowerOf(inner, context)
    if (swallower) return swallower
  }
  return undefined
}

function isTidying(call: ts.CallExpression): boolean {
  if (above(call, ts.isCatchClause)) return true
  const fn = above(call, isNamed)
  if (TIDIES.test(nameOfFunction(fn))) return true
  const condition = above(call, ts.isIfStatement)?.expression
  return condition !== undefined && UNUSABLE.test(condition.getText())
}

function isNamed(node: ts.Node): node is FunctionNode {
  return isFunction(node) && nameOfFunction(node) !== ''
}
