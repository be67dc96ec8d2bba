import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { all, functionAt, lastName } from '../syntax.js'

/** Whether a use of a connection attaches a listener for its errors, or gives it to a function of ours that does. */
export function isHeardAt(use: ts.Node, context: RuleContext): boolean {
  return isListened(use) || isListenedByCallee(use, context) || isListenedInList(use)
}

/** `x`, or `this.x` where the use is the `x` of it. */
export function receiverOf(use: ts.Node): ts.Node {
  return ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
}

function isListened(use: ts.Node): boolean {
  let each = use
  // Chained: `.on('connect', …).on('error', …)`.
  while (ts.isNonNullExpression(each.parent) || ts.isParenthesizedExpression(each.parent)) each = each.parent
  while (ts.isPropertyAccessExpression(each.parent) && ts.isCallExpression(each.parent.parent)) {
    const call: ts.CallExpression = each.parent.parent
    if (call.expression !== each.parent) return false
    if (isErrorListener(call)) return true
    each = call
  }
  return false
}

function isErrorListener(call: ts.CallExpression): boolean {
  const [event] = call.arguments
  return (
    /^(?:on|once|addListener|prependListener)$/.test(lastName(call.expression)) &&
    event !== undefined &&
    ts.isStringLiteralLike(event) &&
    event.text === 'error'
  )
}

/** `for (const each of [pub, sub]) each.on('error', …)`, `[pub, sub].forEach((each) => …)`. */
function isListenedInList({ parent: list }: ts.Node): boolean {
  if (!ts.isArrayLiteralExpression(list)) return false
  const { parent } = list
  const isLooped = ts.isForOfStatement(parent) && parent.expression === list
  const body = isLooped ? parent.statement : callbackOf(list)
  return body !== undefined && all(body, ts.isCallExpression).some(isErrorListener)
}

function callbackOf({ parent }: ts.ArrayLiteralExpression): ts.Node | undefined {
  if (!ts.isPropertyAccessExpression(parent) || !ts.isCallExpression(parent.parent)) return undefined
  return /^(?:forEach|map)$/.test(parent.name.text) ? parent.parent.arguments[0] : undefined
}

/** Passed to a function of ours that attaches one. */
function isListenedByCallee(use: ts.Node, { project }: RuleContext): boolean {
  const { parent } = use
  if (!ts.isCallExpression(parent) || !parent.arguments.includes(use as ts.Expression)) return false
  const { expression } = parent
  const declaration = project.declarationOf(
    ts.isPropertyAccessExpression(expression) ? expression.name : expression,
  )
  const body = declaration && functionAt(declaration)?.body
  return body !== undefined && all(body, ts.isCallExpression).some(isErrorListener)
}
