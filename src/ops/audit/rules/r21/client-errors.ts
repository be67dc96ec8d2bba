import ts from 'typescript'
import { isLogFunction, logCallsIn, toldBy } from '../../recognise/log-calls.js'
import { catchAround, rejectionHandlerOf } from '../../recognise/handling/rejections.js'
import type { RuleContext } from '../../rule.js'
import { above, all, isFunction, isWithin, lastName } from '../../syntax.js'
import { clientFamilyOf } from './secrets.js'

/** Log lines of a file that show errors of one kind of client with everything that they carry. */
export interface LoggedErrors {
  family: 'ioredis' | 'upstash'
  /** Listeners hear of refused logins, whose arguments are the password. */
  isListener: boolean
  /** The first line of every handler; one at least. */
  lines: ts.Node[]
}

// What the text of an Upstash error gives away is the request: keys always, values where there are any.
const WRITES_VALUE = /^(?:h?m?set\w*|h?setnx|[lr]push\w*|append|getset|zadd|sadd|xadd|publish|json|exec)$/i

/** The handlers of a file that log such errors, by client and by whether they listen. */
export function loggedErrorsIn(file: ts.SourceFile, context: RuleContext): LoggedErrors[] {
  const groups = new Map<string, LoggedErrors>()
  const seen = new Set<ts.Node>()
  const add = (handler: ts.Node, family: LoggedErrors['family'], isListener: boolean): void => {
    const line = seen.has(handler) ? undefined : lineIn(handler, family, context)
    seen.add(handler)
    if (!line) return
    const known = groups.get(`${family} ${isListener}`)
    if (known) known.lines.push(line)
    else
      groups.set(`${family} ${isListener}`, {
        family,
        isListener,
        lines: [line],
      })
  }
  for (const call of all(file, isErrorListener)) {
    const { expression, arguments: args } = call
    if (!ts.isPropertyAccessExpression(expression) || !args[1]) continue
    if (clientFamilyOf(expression.expression, context) === 'ioredis') add(args[1], 'ioredis', true)
  }
  for (const { call, kind, method, receiver } of context.operations.in(file)) {
    const handler = handlerOf(call)
    if (kind !== 'client' || !handler) continue
    const family = clientFamilyOf(receiver, context)
    if (!family || (family === 'upstash' && !WRITES_VALUE.test(method))) continue
    add(handler, family, false)
  }
  return [...groups.values()]
}

function isErrorListener(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node) || !/^(?:on|once|addListener)$/.test(lastName(node.expression))) return false
  const [event] = node.arguments
  return event !== undefined && ts.isStringLiteralLike(event) && event.text === 'error'
}

/** What runs when an operation rejects: the nearest catch around it, and what is chained to it. */
function handlerOf(call: ts.CallExpression): ts.Node | undefined {
  for (let each: ts.Node = call; each.parent !== undefined && !isFunction(each); each = each.parent) {
    const handler = rejectionHandlerOf(each)
    if (handler) return handler
    if (ts.isStatement(each.parent)) break
  }
  return catchAround(call)
}

function lineIn(handler: ts.Node, family: LoggedErrors['family'], context: RuleContext): ts.Node | undefined {
  // `.catch(console.error)`
  if (ts.isExpression(handler) && isLogFunction(handler)) return handler
  const error = ts.isCatchClause(handler)
    ? handler.variableDeclaration
    : isFunction(handler)
      ? handler.parameters[0]
      : undefined
  if (!error || !ts.isIdentifier(error.name)) return undefined
  const isError = (node: ts.Expression) =>
    ts.isIdentifier(node) && context.project.declarationOf(node) === error
  return logCallsIn(handler).find(
    (call) =>
      toldBy(call).some(({ node, as }) => {
        if (isError(node)) return as === 'whole' || family === 'upstash'
        // The text of an Upstash error holds the command as well.
        const isText = ts.isPropertyAccessExpression(node) && /^(?:message|stack)$/.test(node.name.text)
        return family === 'upstash' && isText && isError(unwrapped(node.expression))
      }) && !isInNestedHandler(call, handler),
  )
}

function unwrapped(node: ts.Expression): ts.Expression {
  let each = node
  while (ts.isParenthesizedExpression(each) || ts.isAsExpression(each)) each = each.expression
  return each
}

function isInNestedHandler(call: ts.Node, handler: ts.Node): boolean {
  const nearest = above(call, ts.isCatchClause)
  return nearest !== undefined && nearest !== handler && isWithin(nearest, handler)
}
