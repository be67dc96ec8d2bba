import ts from 'typescript'
import { all, bare } from '../../syntax.js'

export interface Answer {
  /** Where it refuses or fails; undefined when it does neither. */
  node: ts.Node | undefined
  kind: 'refuses' | 'fails' | 'allows' | 'unknown'
}

type Judge = (value: ts.Expression) => 'refuses' | 'fails' | undefined

const LIMITER_SAYS_NO =
  /RateLimiterRes|msBeforeNext|remainingPoints|consumedPoints|\b429\b|tooMany|limited|exceeded|throttl|RateLimit\w*(?:Error|Exception)/i

/**
 * What a handler does when the error is one of Redis, and not the limiter's own answer: libraries that reject to say
 * "limited" come to the same place.
 */
export function answerToOutage(body: ts.Node, error: ts.Identifier | undefined, judge: Judge): Answer {
  if (!ts.isBlock(body)) return ofValue(body as ts.Expression, error, judge)
  return ofStatements(body.statements, error, judge) ?? { node: undefined, kind: 'allows' }
}

/** Undefined when the statements are left at their end. */
function ofStatements(
  statements: readonly ts.Statement[],
  error: ts.Identifier | undefined,
  judge: Judge,
): Answer | undefined {
  for (const statement of statements) {
    const answer = ofStatement(statement, error, judge)
    if (answer) return answer
  }
  return undefined
}

function ofStatement(node: ts.Statement, error: ts.Identifier | undefined, judge: Judge): Answer | undefined {
  if (ts.isBlock(node)) return ofStatements(node.statements, error, judge)
  if (ts.isIfStatement(node)) {
    const holds = holdsInOutage(node.expression, error)
    // What it asks is out of sight, and so is what follows if that leaves the handler.
    if (holds === undefined) return mayLeave(node) ? { node: undefined, kind: 'unknown' } : undefined
    const branch = holds ? node.thenStatement : node.elseStatement
    return branch && ofStatement(branch, error, judge)
  }
  if (ts.isReturnStatement(node))
    return node.expression
      ? ofValue(node.expression, error, judge, node)
      : { node: undefined, kind: 'allows' }
  if (ts.isThrowStatement(node)) {
    const kind = judge(node.expression)
    return kind ? { node, kind } : { node: undefined, kind: 'unknown' }
  }
  if (!ts.isExpressionStatement(node)) return undefined
  const kind = judge(node.expression)
  return kind && { node, kind }
}

function ofValue(
  value: ts.Expression,
  error: ts.Identifier | undefined,
  judge: Judge,
  at: ts.Node = value,
): Answer {
  const node = bare(value)
  if (ts.isConditionalExpression(node)) {
    const holds = holdsInOutage(node.condition, error)
    return holds === undefined
      ? { node: undefined, kind: 'unknown' }
      : ofValue(holds ? node.whenTrue : node.whenFalse, error, judge, at)
  }
  const kind = judge(node)
  return kind ? { node: at, kind } : { node: undefined, kind: 'allows' }
}

/** Whether a condition is true of an error of Redis; undefined when the code does not say. */
function holdsInOutage(condition: ts.Expression, error: ts.Identifier | undefined): boolean | undefined {
  const node = bare(condition)
  if (!error || !all(node, ts.isIdentifier).some(({ text }) => text === error.text)) return undefined
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const inner = holdsInOutage(node.operand, error)
    return inner === undefined ? undefined : !inner
  }
  if (ts.isBinaryExpression(node) && joins(node.operatorToken.kind)) {
    const sides = [holdsInOutage(node.left, error), holdsInOutage(node.right, error)]
    const decides = node.operatorToken.kind === ts.SyntaxKind.BarBarToken
    if (sides.includes(decides)) return decides
    return sides.includes(undefined) ? undefined : !decides
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword)
    return node.right.getText() === 'Error'
      ? true
      : LIMITER_SAYS_NO.test(node.right.getText())
        ? false
        : undefined
  if (!LIMITER_SAYS_NO.test(node.getText())) return undefined
  const isDenied =
    ts.isBinaryExpression(node) &&
    /^!==?$/.test(node.operatorToken.getText()) &&
    !/undefined|null/.test(node.right.getText())
  const isAbsent =
    ts.isBinaryExpression(node) &&
    /^===?$/.test(node.operatorToken.getText()) &&
    /^(?:undefined|null)$/.test(node.right.getText())
  return isDenied || isAbsent
}

function joins(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.AmpersandAmpersandToken
}

function mayLeave(node: ts.Node): boolean {
  return all(node, ts.isReturnStatement).length > 0 || all(node, ts.isThrowStatement).length > 0
}
