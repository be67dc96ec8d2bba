import ts from 'typescript'
import { asksForBackend } from '../../recognise/availability.js'
import type { RuleContext } from '../../rule.js'
import { bare, isNull, lastName } from '../../syntax.js'
import { NAMES_BACKEND } from './names-backend.js'
import { isRedisService } from './redis-services.js'
import { answerOf, namesAnswer, namesState } from './question-calls.js'

/** A part of a condition that asks whether a cache or limiter is there. */
export interface Question {
  node: ts.Expression
  /** What it asks about, as written. */
  thing: string
}

const CONFIGURED =
  /(?:url|uri|host|token|dsn|connection_?string|configured|available|availability|connected)$|^(?:has|is)_?(?:redis|valkey|upstash|kv|cache)/i
// A declared choice, even where it is named for Redis.
const FLAG = /enable|disable|feature|flag|should|allow|skip|^use|_use/i

/** The questions of a condition, its `!`, `&&` and `||` taken apart. */
export function questionsIn(condition: ts.Expression, context: RuleContext): Question[] {
  const node = bare(condition)
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    return questionsIn(node.operand, context)
  }
  if (ts.isBinaryExpression(node)) return ofOperator(node, context)
  if (ts.isCallExpression(node)) return ofCall(node, context)
  return isAsked(node, context) ? [{ node, thing: node.getText() }] : []
}

function ofOperator(node: ts.BinaryExpression, context: RuleContext): Question[] {
  const { left, right, operatorToken } = node
  switch (operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken:
      return [...questionsIn(left, context), ...questionsIn(right, context)]
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return ofComparison(bare(left), bare(right), context)
    default:
      return []
  }
}

function ofComparison(left: ts.Expression, right: ts.Expression, context: RuleContext): Question[] {
  if (isNull(right)) return questionsIn(left, context)
  if (isNull(left)) return questionsIn(right, context)
  if (!ts.isStringLiteralLike(right)) return []
  if (ts.isTypeOfExpression(left) && right.text === 'undefined') return questionsIn(left.expression, context)
  // `redis.status === 'ready'`
  return ts.isPropertyAccessExpression(left) && isState(left, context)
    ? [{ node: left, thing: left.getText() }]
    : []
}

function ofCall(node: ts.CallExpression, context: RuleContext): Question[] {
  const { expression: callee } = node
  if (lastName(callee) === 'Boolean' && node.arguments[0]) return questionsIn(node.arguments[0], context)
  const isQuestion =
    (ts.isPropertyAccessExpression(callee) && isState(callee, context)) ||
    namesAnswer(lastName(callee)) ||
    isGiver(node, context) ||
    saysWhetherThere(node, context)
  return isQuestion ? [{ node, thing: node.getText() }] : []
}

/** `if (getRedis())`. */
function isGiver(node: ts.CallExpression, { receivers }: RuleContext): boolean {
  return NAMES_BACKEND.test(lastName(node.expression)) && receivers.of(node) !== undefined
}

/** `isCacheEnabled()`, which gives back `client !== null`. */
function saysWhetherThere(node: ts.CallExpression, context: RuleContext): boolean {
  const answer = answerOf(node, context)
  return answer !== undefined && asksItself(answer) && questionsIn(answer, context).length > 0
}

/** A name alone may be of a flag. */
function asksItself(answer: ts.Expression): boolean {
  const value = bare(answer)
  return !ts.isIdentifier(value) && !ts.isCallExpression(value)
}

function isAsked(node: ts.Expression, context: RuleContext): boolean {
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return false
  if (context.receivers.of(node) !== undefined) return true
  if (isAnswer(node, context) || isRedisService(node, context)) return true
  if (ts.isPropertyAccessExpression(node) && isState(node, context)) return true
  return namesConfiguration(node, context)
}

/** `const isCached = redis !== null`. */
function isAnswer(node: ts.Expression, context: RuleContext): boolean {
  const declaration = ts.isIdentifier(node) ? context.project.declarationOf(node) : undefined
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return false
  const value = bare(declaration.initializer)
  const isComparison = ts.isBinaryExpression(value) && (isNull(bare(value.right)) || isNull(bare(value.left)))
  const isTruth =
    ts.isPrefixUnaryExpression(value) ||
    (ts.isCallExpression(value) && lastName(value.expression) === 'Boolean' && value.arguments.length === 1)
  return (isComparison || isTruth) && questionsIn(value, context).length > 0
}

/** `redis.isReady`, `cache.status`. */
function isState(node: ts.PropertyAccessExpression, { receivers }: RuleContext): boolean {
  return namesState(node.name.text) && receivers.of(node.expression) !== undefined
}

/** `process.env.REDIS_URL`, `hasRedis`, and the constants that are given such an answer. */
function namesConfiguration(node: ts.Expression, { project, products }: RuleContext): boolean {
  const name = lastName(node)
  const declaration = ts.isIdentifier(node) ? project.declarationOf(node) : undefined
  const value = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined
  if (value && !ts.isAwaitExpression(value) && /process\.env|\benv\b|config/i.test(value.getText())) {
    return asksForBackend(value, products) && !FLAG.test(value.getText())
  }
  return CONFIGURED.test(name) && !FLAG.test(name) && asksForBackend(node, products)
}
