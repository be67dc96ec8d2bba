import ts from 'typescript'
import { holdsBackend } from '../../recognise/holding.js'
import { isLifecycle } from '../../recognise/direct-operations.js'
import type { RuleContext } from '../../rule.js'
import { all, bare, lastName } from '../../syntax.js'

const NAMES_REDIS = /redis|valkey|upstash/i
// What carries messages, guards a section, or says how it is, has a policy of its own.
const OF_ANOTHER_SORT =
  /bus|pub_?sub|publish|subscri|lock|queue|health|indicator|adapter|module|emitter|extension|(?<!a)sync/i

const CLAIMS = /^(?:try)?(?:acquire|claim|release)(?![a-z])/

/** `RedisSeatsService`: a class named for Redis that holds a client, with methods of whatever words. */
export function isRedisService(node: ts.Expression, context: RuleContext): boolean {
  const thing = bare(node)
  if (!ts.isIdentifier(thing) && !ts.isPropertyAccessExpression(thing)) return false
  if (!NAMES_REDIS.test(lastName(thing))) return false
  return context.project
    .typeOf(thing)
    .declarations.some(
      (each) =>
        ts.isClassDeclaration(each) &&
        !each.getSourceFile().isDeclarationFile &&
        NAMES_REDIS.test(each.name?.text ?? '') &&
        !OF_ANOTHER_SORT.test(each.name?.text ?? '') &&
        holdsBackend(each, context),
    )
}

/** Whether one of them is asked for something below a node. */
export function asksRedisService(node: ts.Node, context: RuleContext): boolean {
  const calls = all(node, ts.isCallExpression)
  // Who owns a thing is asked of Redis or of nobody.
  if (calls.some(({ expression }) => CLAIMS.test(lastName(expression)))) return false
  return calls.some((call) => {
    const callee = bare(call.expression)
    return (
      ts.isPropertyAccessExpression(callee) &&
      !isLifecycle(callee.name.text) &&
      isRedisService(callee.expression, context)
    )
  })
}
