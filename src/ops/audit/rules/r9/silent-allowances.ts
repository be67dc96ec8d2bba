import ts from 'typescript'
import { asksForBackend } from '../../recognise/availability.js'
import { nameGivenTo, outermostFunction } from '../../recognise/containers.js'
import { isLoud, isLogging, saysFailure } from '../../recognise/failure-words.js'
import { meaningOfTrue, refuses } from '../../recognise/limiter-answers.js'
import { namesOf } from '../../recognise/measuring.js'
import { tells } from '../../recognise/telling.js'
import type { RuleContext, Violation } from '../../rule.js'
import { all, bare, isFunction, isWithin, lastName, nameOf, own, type FunctionNode } from '../../syntax.js'

const LIMITS = /limit|throttl|quota|too_?many/i
const OF_BACKEND = /redis|valkey|upstash|\bkv\b|limit|throttl|connect/i
const SAYS_ABSENT =
  /not (?:set|configured|found|available|initiali[sz]ed|present|connected|ready)|missing|unavailable|disabled|without|fall(?:s|ing)?[ -]?back|no-?op|unset|absent|skip|in[- ]?memory|\bno (?:redis|upstash|limiter)/i

/** `if (!limiter) return { allowed: true }`: without Redis nobody is limited, and nobody hears of it. */
export function* silentAllowances(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  const asked = context.operations.in(file).filter(({ kind }) => kind !== 'cache')
  const makers = new Set(asked.flatMap(({ call }) => functionsAround(call)))
  for (const node of makers) {
    const isLimiting =
      LIMITS.test(nameGivenTo(node) || nameGivenTo(outermostFunction(node) ?? node)) ||
      asked.some(({ call, kind }) => kind === 'limiter' && isWithin(call, node))
    if (!isLimiting) continue
    const first = own(node.body, ts.isIfStatement).find(
      (each) =>
        asked.some(({ call }) => call.pos >= each.end && functionsAround(call).includes(node)) &&
        allows(each.thenStatement, node) &&
        isUntold(each, file, context),
    )
    if (!first) continue
    yield {
      node: first,
      message:
        'Without Redis everybody is let pass here, and neither log nor metric says so: a forgotten setting or a connection that is not ready leaves the service without its limit.',
      remedy:
        'Log once, at `warn`, that there is no limit; better still put an allow-all limiter in its place that counts what it lets pass.',
      confidence: 'medium',
    }
  }
}

/** The function that an operation belongs to, with the callbacks in it; what that gives out, or is given out by, is another's. */
function functionsAround(node: ts.Node): FunctionNode[] {
  const found: FunctionNode[] = []
  for (let each = node.parent; each !== undefined; each = each.parent) {
    if (!isFunction(each)) continue
    found.push(each)
    if (!ts.isCallExpression(each.parent)) break
  }
  return found
}

/** It answers at once, and the answer is no refusal. */
function allows(branch: ts.Statement, around: FunctionNode): boolean {
  const last = ts.isBlock(branch) ? branch.statements.at(-1) : branch
  if (!last || !ts.isReturnStatement(last)) return false
  const passes = own(branch, ts.isCallExpression).some(({ expression }) =>
    /^(?:next|done)$/.test(expression.getText()),
  )
  if (!last.expression) return passes
  return !refuses(last.expression, meaningOfTrue(around, nameGivenTo(around)))
}

function isUntold(node: ts.IfStatement, file: ts.SourceFile, context: RuleContext): boolean {
  const { expression, thenStatement } = node
  // What is so in tests or at home is no failure.
  if (/NODE_ENV|\bis_?(?:test|dev|local)|VITEST|JEST/i.test(expression.getText())) return false
  const flag = flagOf(expression)
  if (!flag && !asksWhetherMissing(expression, context)) return false
  if (tells(thenStatement, context.project)) return false
  const files = new Set([file, ...holdersIn(expression, context)])
  return ![...files].some((each) => isAnnounced(each, flag !== undefined))
}

function asksWhetherMissing(condition: ts.Expression, context: RuleContext): boolean {
  const node = bare(condition)
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.getText()
    if (operator === '||')
      return asksWhetherMissing(node.left, context) || asksWhetherMissing(node.right, context)
    return /^={2,3}$/.test(operator) && asksForBackend(node, context.products)
  }
  return isNot(node) && asksForBackend(node.operand, context.products)
}

function isNot(node: ts.Expression): node is ts.PrefixUnaryExpression {
  return ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken
}

/** `!ready`, `!redis.isOpen`, `client.status !== 'ready'`. */
function flagOf(condition: ts.Expression): ts.Expression | undefined {
  const node = bare(condition)
  if (isNot(node)) {
    const asked = bare(node.operand)
    const isName = ts.isIdentifier(asked) || ts.isPropertyAccessExpression(asked)
    return isName &&
      /^(?:is)?_?(?:redis|client|cache|kv)?_?(?:ready|connected|open|up|online|avail\w*)$/i.test(
        lastName(asked),
      )
      ? asked
      : undefined
  }
  if (!ts.isBinaryExpression(node)) return undefined
  if (node.operatorToken.getText() === '||') return flagOf(node.left) ?? flagOf(node.right)
  const isState = /^!==?$/.test(node.operatorToken.getText()) && lastName(bare(node.left)) === 'status'
  return isState ? node.left : undefined
}

/** The files that declare what a condition asks. */
function holdersIn(condition: ts.Expression, { project }: RuleContext): ts.SourceFile[] {
  return all(condition, ts.isIdentifier).flatMap((name) => {
    const holder = project.declarationOf(nameOf(name))?.getSourceFile()
    return holder && !holder.isDeclarationFile ? [holder] : []
  })
}

/** Somebody says that Redis is not there: of a connection any failure, of a setting that it is not set. */
function isAnnounced(file: ts.SourceFile, isOfConnection: boolean): boolean {
  return all(file, ts.isCallExpression).some((call) => {
    const names = namesOf(call.expression)
    if (!isLogging(names)) return false
    const text = call.getText()
    if (!OF_BACKEND.test(text)) return false
    return SAYS_ABSENT.test(text) || (isOfConnection && (isLoud(names) || saysFailure(text)))
  })
}
