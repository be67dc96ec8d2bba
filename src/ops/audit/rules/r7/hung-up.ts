import ts from 'typescript'
import { failureListenersIn } from '../../recognise/failure-listeners.js'
import { isHandler } from '../../recognise/handlers.js'
import { rethrows } from '../../recognise/handling/failure-reach.js'
import { assignmentsTo, isMadeAgain } from '../../recognise/revival.js'
import type { RuleContext, Violation } from '../../rule.js'
import {
  above,
  all,
  bare,
  functionAt,
  isAssignment,
  isFunction,
  isNull,
  isWithin,
  lastName,
  nameOf,
  own,
} from '../../syntax.js'

const HANGS_UP = /^(?:disconnect|quit|close|end|destroy)$/
const LEAVES = /^(?:process\.)?(?:exit|kill|abort)$/

/** An error listener that closes the connection which would have come back by itself. */
export function* hungUp(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  for (const { client, body } of failureListenersIn(file, context)) {
    const call = own(body, ts.isCallExpression).find((each) => hangsUp(each, client))
    if (!call || rethrows(body) || leaves(body) || !isShared(client, context)) continue
    if (isConnectedAgain(client) || isReplaced(client, body, context)) continue
    yield {
      node: call,
      message: `The first error closes ${client.getText()} for good: an outage of seconds leaves the service without Redis until it is restarted.`,
      remedy:
        'Log the error and leave the connection alone, which connects again by itself; a deadline keeps callers from waiting for it.',
    }
  }
}

/** `client.disconnect()`, of the same client; ioredis connects again after `disconnect(true)`. */
function hangsUp({ expression: callee, arguments: args }: ts.CallExpression, client: ts.Expression): boolean {
  if (!ts.isPropertyAccessExpression(callee) || !HANGS_UP.test(callee.name.text)) return false
  const isReconnecting = args[0]?.kind === ts.SyntaxKind.TrueKeyword && callee.name.text === 'disconnect'
  return !isReconnecting && callee.expression.getText() === client.getText()
}

function leaves(body: ts.Node): boolean {
  return all(body, ts.isCallExpression).some(({ expression }) => LEAVES.test(expression.getText()))
}

/** One that others use too: kept by the module or a class, or given to whoever asked for it. That of one request is not. */
function isShared(client: ts.Expression, { project }: RuleContext): boolean {
  const declaration = project.declarationOf(nameOf(client))
  const holder = declaration && above(declaration, isFunction)
  if (!declaration || !holder || !ts.isVariableDeclaration(declaration)) return true
  if (isHandler(holder)) return false
  const { text } = declaration.name as ts.Identifier
  return all(holder, ts.isReturnStatement).some(
    ({ expression }) => expression && all(expression, ts.isIdentifier).some((name) => name.text === text),
  )
}

/** The listener puts it, or what was built on it, aside, and the next caller makes another. */
function isReplaced(client: ts.Expression, body: ts.Node, context: RuleContext): boolean {
  const clears = own(body, ts.isCallExpression).some(({ expression }) => {
    const declaration = context.project.declarationOf(nameOf(expression))
    const callee = declaration && functionAt(declaration)
    return callee !== undefined && all(callee.body, isAssignment).some(({ right }) => isNull(bare(right)))
  })
  if (clears) return true
  const holder = context.project.declarationOf(nameOf(client))
  const put = holder ? assignmentsTo(holder, context).filter((each) => isWithin(each, body)) : []
  const isMadeHere = put.some(({ right }) => context.products.of(right).some(({ kind }) => kind === 'client'))
  return isMadeHere || (holder !== undefined && put.length > 0 && isMadeAgain(holder, context))
}

/** Somebody connects or replaces it after that: in the listener, a timer or an accessor. */
function isConnectedAgain(client: ts.Expression): boolean {
  const name = lastName(client)
  return all(client.getSourceFile(), ts.isCallExpression).some(({ expression: callee }) => {
    if (!ts.isPropertyAccessExpression(callee) || !/^(?:re)?connect$/i.test(callee.name.text)) return false
    if (lastName(callee.expression) !== name) return false
    const within = above(callee, isFunction)
    const timer = within && ts.isCallExpression(within.parent) ? within.parent : undefined
    return (
      callee.name.text !== 'connect' ||
      (timer !== undefined &&
        /^(?:setTimeout|setInterval|on|once|retry\w*)$/.test(lastName(timer.expression)))
    )
  })
}
