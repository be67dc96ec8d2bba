import ts from 'typescript'
import { rejectionHandlerOf } from '../../recognise/handling/rejections.js'
import type { RuleContext } from '../../rule.js'
import {
  all,
  bare,
  functionAt,
  isAssignment,
  isFunction,
  isNull,
  lastName,
  nameOf,
  own,
} from '../../syntax.js'

/** Somebody else is told, or it is tried again: words of functions that do so. */
const DELIVERS =
  /retr(?:y|ies)|queue|outbox|journal|schedul|publish|emit|dead_?letter|dlq|pending|tombstone|revok|deny|block|bump|rotate|reject|next|fail|throw|raise|exit|abort|push|backlog|defer/i
const REMOVES = /^(?:del|unlink|delete|remove|invalidate|expire|set|setex)/i
const ANSWERS = /^(?:res|reply|response|ctx|context|c|h)\b/
const BOUNDED = /\bttl\b|expir|short[- ]lived|at most \d|within \d+ ?(?:s|sec|min)/i

/** The handler that ends a failure of the call without anything being done about it; undefined when there is none. */
export function swallowerOf(call: ts.Expression, context: RuleContext): ts.Node | undefined {
  let isAwaited = false
  for (let each: ts.Node = call; each.parent !== undefined; each = each.parent) {
    const { parent } = each
    const handler = rejectionHandlerOf(each)
    if (handler) return swallows(handler, context) ? handler : undefined
    if (isUnreadSettled(parent, each)) return parent
    if (ts.isAwaitExpression(parent)) isAwaited = true
    if (ts.isTryStatement(parent) && parent.tryBlock === each && parent.catchClause) {
      const isSwallowed = isAwaited && !isRepeated(parent) && swallows(parent.catchClause, context)
      return isSwallowed ? parent.catchClause : undefined
    }
    if (isFunction(parent) && !isInline(parent)) return undefined
  }
  return undefined
}

/** `keys.map((key) => redis.del(key))`, `pool.run(() => redis.del(key))`: its failure is the caller's. */
function isInline(node: ts.Node): boolean {
  return (
    (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) &&
    ts.isCallExpression(node.parent) &&
    /^(?:map|flatMap|all)$/.test(lastName(node.parent.expression))
  )
}

/** `await Promise.allSettled([…])` whose results nobody reads. */
function isUnreadSettled(parent: ts.Node, node: ts.Node): boolean {
  if (!ts.isCallExpression(parent) || parent.expression.getText() !== 'Promise.allSettled') return false
  if (!parent.arguments.includes(node as ts.Expression)) return false
  const outer =
    ts.isAwaitExpression(parent.parent) || ts.isVoidExpression(parent.parent) ? parent.parent : parent
  return ts.isExpressionStatement(outer.parent)
}

/** An attempt of several: the loop around it is the retry. */
function isRepeated(node: ts.TryStatement): boolean {
  for (let each: ts.Node = node; each.parent !== undefined && !isFunction(each); each = each.parent) {
    if (ts.isWhileStatement(each) || ts.isDoStatement(each)) return true
    if (ts.isForStatement(each) && /attempt|retr|tr(?:y|ies)/i.test(each.getText().split('{')[0]!))
      return true
  }
  return false
}

function swallows(handler: ts.Node, context: RuleContext): boolean {
  if (ts.isExpression(handler) && !isFunction(handler)) return swallowsByName(handler, context)
  const body = ts.isCatchClause(handler) ? handler.block : isFunction(handler) ? handler.body : undefined
  if (!body || BOUNDED.test(commentsIn(body))) return false
  if (own(body, ts.isThrowStatement).length > 0 || own(body, isAssignment).length > 0) return false
  const values = ts.isBlock(body)
    ? own(body, ts.isReturnStatement).map(({ expression }) => expression)
    : [body as ts.Expression]
  if (values.some((value) => value && tells(bare(value)))) return false
  return !all(body, ts.isCallExpression).some((call) => delivers(call, context))
}

/** `.catch(noop)`, `.catch(console.error)`: by the function where it is in sight, else by its name. */
function swallowsByName(handler: ts.Expression, context: RuleContext): boolean {
  const declaration = context.project.declarationOf(nameOf(bare(handler)))
  const fn = declaration && functionAt(declaration)
  if (fn) return swallows(fn, context)
  return isNull(bare(handler)) ? false : /^(?:noop|console\.\w+|\w*log\w*\.\w+)$/i.test(handler.getText())
}

/** What is returned lets the caller know: `false`, an error, a response; not `null`, `true` or what a log call gives. */
function tells(value: ts.Expression): boolean {
  if (isNull(value) || value.kind === ts.SyntaxKind.TrueKeyword || ts.isNumericLiteral(value)) return false
  if (ts.isArrayLiteralExpression(value)) return false
  if (ts.isCallExpression(value))
    return !/log|console|warn|Promise\.resolve/i.test(value.expression.getText())
  return true
}

function delivers(call: ts.CallExpression, context: RuleContext): boolean {
  const callee = bare(call.expression)
  const text = callee.getText()
  if (/log|console|metric|counter|span|sentry|capture/i.test(text)) return false
  if (ANSWERS.test(text) || DELIVERS.test(text) || REMOVES.test(lastName(callee))) return true
  const declaration = context.project.declarationOf(nameOf(callee))
  if (declaration && ts.isParameter(declaration)) return isGivenError(call)
  const fn = declaration && functionAt(declaration)
  return fn !== undefined && own(fn.body, ts.isThrowStatement).length > 0
}

/** `callback(error)`: whoever passed it hears of the failure. */
function isGivenError({ arguments: [given] }: ts.CallExpression): boolean {
  return given !== undefined && ts.isIdentifier(given) && /^e(?:rr|x)?$|err(?:or)?$/i.test(given.text)
}

function commentsIn(body: ts.Node): string {
  return [...body.getFullText().matchAll(/\/\/.*|\/\*[^]*?\*\//g)].join(' ')
}
