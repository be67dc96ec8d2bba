import ts from 'typescript'
import { calleeOf } from '../../recognise/callees.js'
import type { RuleContext } from '../../rule.js'
import { bare, lastName, type FunctionNode } from '../../syntax.js'
import { NAMES_BACKEND } from './names-backend.js'

const STATE =
  /^(?:is|has|was|get)?_?(?:redis|valkey|cache|client|connection|server|store|limiter)?_?(?:ready|open|connected|up|available|healthy|alive|online|usable|configured|initiali[sz]ed|status)$/i
const NAMES_QUESTION =
  /(?:redis|valkey|upstash|cache|limiter).*(?:available|configured|connected|ready|up|there|alive|online|usable|healthy|initiali[sz]ed)$|^(?:is|has)(?:connected|available|there)?(?:to|in|for)?(?:redis|valkey|upstash)$/i

/** Whether a member of a client, cache or limiter says how it is about its connection: `isReady`, `status`, `isRedisConnected`. */
export function namesState(name: string): boolean {
  return STATE.test(name)
}

/** Whether a function, by its name, says that Redis is there: `isRedisReady`, `cacheAvailable`. */
export function namesAnswer(name: string): boolean {
  return NAMES_QUESTION.test(name)
}

/**
 * What a function of ours that says yes or no has asked for: `const isCacheEnabled = () => client !== null`. Undefined where it
 * is of no such kind.
 */
export function answerOf(call: ts.CallExpression, { project }: RuleContext): ts.Expression | undefined {
  // Most calls in conditions are about something else.
  if (call.arguments.length > 0 || !isNamedForIt(call)) return undefined
  const callee = calleeOf(call, project)
  return callee && onlyAnswer(callee)
}

/** `isEnabled()` of a module for Redis, `cache.isEnabled()`. */
function isNamedForIt(call: ts.CallExpression): boolean {
  const callee = bare(call.expression)
  const owner = ts.isPropertyAccessExpression(callee) ? lastName(callee.expression) : ''
  return NAMES_BACKEND.test(`${owner} ${lastName(callee)}`)
}

function onlyAnswer({ body }: FunctionNode): ts.Expression | undefined {
  if (!ts.isBlock(body)) return body as ts.Expression
  const [only, ...others] = body.statements
  return only && others.length === 0 && ts.isReturnStatement(only) ? only.expression : undefined
}
