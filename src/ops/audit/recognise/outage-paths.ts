import ts from 'typescript'
import { above, all, bare, isFunction } from '../syntax.js'

const ANY_ERROR = /^(?:\w+\.)?Error$/
const OF_OUTAGE =
  /redis|valkey|upstash|connect|timeout|timed.?out|network|socket|closed|refused|reset|offline|unavailable|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|abort|retr(?:y|ies)|cluster|reply|LOADING|READONLY|MASTERDOWN|CLUSTERDOWN/i

// `TooManyConnectionsError`, `RateLimitTimeoutError`: what we refuse ourselves is no outage, whatever else the name says.
const OF_OURS =
  /too.?many|overload|quota|(?:rate|concurren\w*).?limit|validation|not.?found|pars(?:e|ing)|syntax/i

// What an error of a connection that is refused or lost has for its `code`.
const CODE_OF_OUTAGE = /^(?:ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|EAI_AGAIN)$/

/** Whether a part of a handler runs when the error is one of Redis: it does not below a test for errors of another kind. */
export function runsInOutage(node: ts.Node, handler: ts.Node, error: ts.Identifier | undefined): boolean {
  if (!error) return true
  for (let each = node; each !== handler && each.parent !== undefined; each = each.parent) {
    const { parent } = each
    if (isLeftBefore(each, error)) return false
    if (!ts.isIfStatement(parent) && !ts.isConditionalExpression(parent)) continue
    const [condition, yes] = ts.isIfStatement(parent)
      ? [parent.expression, parent.thenStatement]
      : [parent.condition, parent.whenTrue]
    if (each === condition) continue
    const isOther = asksForOther(condition, error)
    if (isOther !== undefined && isOther === (each === yes)) return false
  }
  return true
}

/** Behind `if (error.code === 'ECONNREFUSED') return`. */
function isLeftBefore(node: ts.Node, error: ts.Identifier): boolean {
  if (!ts.isBlock(node.parent)) return false
  const { statements } = node.parent
  return statements.slice(0, Math.max(0, statements.indexOf(node as ts.Statement))).some((each) => {
    if (!ts.isIfStatement(each) || each.elseStatement || asksForOther(each.expression, error) !== false)
      return false
    const last = ts.isBlock(each.thenStatement) ? each.thenStatement.statements.at(-1) : each.thenStatement
    return last !== undefined && ts.isReturnStatement(last)
  })
}

/** True when a condition holds only of errors that are not those of an outage, false when it holds of all but these. */
function asksForOther(condition: ts.Expression, error: ts.Identifier): boolean | undefined {
  const node = bare(condition)
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const inner = asksForOther(node.operand, error)
    return inner === undefined ? undefined : !inner
  }
  if (!mentions(node, error)) return undefined
  if (isOfLimiter(node)) return !isAskedAsMissing(node)
  if (ts.isBinaryExpression(node)) return ofOperator(node, error)
  // `error.message.includes('NOSCRIPT')`, `error.message.startsWith('WRONGTYPE')`
  const text = ts.isCallExpression(node) ? node.arguments[0] : undefined
  if (!text || !ts.isStringLiteralLike(text)) return undefined
  if (CODE_OF_OUTAGE.test(text.text)) return false
  return OF_OUTAGE.test(text.text) ? undefined : true
}

// What rate-limiter-flexible rejects with when the limit is reached, and no error has.
const LIMITED = /\b(?:msBeforeNext|remainingPoints|consumedPoints)\b/

/** `'msBeforeNext' in error`, `error.remainingPoints === 0`, `typeof error?.msBeforeNext === 'number'`. */
function isOfLimiter(node: ts.Expression): boolean {
  const isJoined = ts.isBinaryExpression(node) && /^(?:&&|\|\|)$/.test(node.operatorToken.getText())
  return !isJoined && LIMITED.test(node.getText())
}

function isAskedAsMissing(node: ts.Expression): boolean {
  return (
    ts.isBinaryExpression(node) &&
    /^={2,3}$/.test(node.operatorToken.getText()) &&
    /^(?:undefined|null|['"]undefined['"])$/.test(node.right.getText())
  )
}

function ofOperator(node: ts.BinaryExpression, error: ts.Identifier): boolean | undefined {
  const { left, right, operatorToken } = node
  switch (operatorToken.kind) {
    case ts.SyntaxKind.InstanceOfKeyword: {
      const name = right.getText()
      if (OF_OURS.test(name)) return true
      return ANY_ERROR.test(name) || OF_OUTAGE.test(name) ? undefined : true
    }
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return asksForOther(left, error) === true || asksForOther(right, error) === true ? true : undefined
    case ts.SyntaxKind.BarBarToken:
      return asksForOther(left, error) === true && asksForOther(right, error) === true ? true : undefined
    default: {
      const isCode = ts.isStringLiteralLike(right) && CODE_OF_OUTAGE.test(right.text)
      if (isCode) return !/^={2,3}$/.test(operatorToken.getText())
      const isText = ts.isStringLiteralLike(right) && right.text !== '' && !OF_OUTAGE.test(right.text)
      // What an error is called is a choice of whoever throws it; `typeof error === 'string'` is none.
      if (!isText || ts.isTypeOfExpression(bare(left))) return undefined
      const operator = operatorToken.getText()
      return /^={2,3}$/.test(operator) ? true : /^!={1,2}$/.test(operator) ? false : undefined
    }
  }
}

export function mentions(node: ts.Node, { text }: ts.Identifier): boolean {
  return all(node, ts.isIdentifier).some((name) => name.text === text)
}

/** What handles a failure of its own in there, of the database for instance, speaks of that one. */
export function isOfAnother(node: ts.Node, body: ts.Node, error?: ts.Identifier): boolean {
  // The body of `() => log(…)` is the call itself.
  if (node === body) return false
  const inner = above(node, (each): each is ts.Node => each === body || isHandling(each))
  return inner !== undefined && inner !== body && !(error && mentions(node, error))
}

function isHandling(node: ts.Node): boolean {
  if (ts.isCatchClause(node)) return true
  const { parent } = node
  return (
    isFunction(node) &&
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    parent.expression.name.text === 'catch'
  )
}
