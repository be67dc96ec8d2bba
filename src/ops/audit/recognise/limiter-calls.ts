import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import {
  above,
  all,
  bare,
  functionAt,
  hasModifier,
  isFunction,
  isNull,
  nameOf,
  own,
  type FunctionNode,
} from '../syntax.js'
import { bindingOf } from './bindings.js'
import { packageAt } from './packages.js'

/** A call that asks a limiter, and whose result says whether the caller may go on. */
export interface LimiterCall {
  call: ts.CallExpression
  /** As it is written, without its arguments. */
  name: string
}

/** Members of an answer that tell whether to go on; the others only inform. */
export const DECIDES =
  /^(?:success|ok|allowed?|isAllowed|permitted|passed|limited|isLimited|rateLimited|isRateLimited|limitReached|exceeded|isExceeded|blocked|isBlocked|denied|throttled|locked|isLocked)$/

const ABOUT_LIMITS = /rate_?limit|limiter|throttl|limited|limitReached|check\w*Limit|within\w*Limit/i
const ASKS =
  /^(?:limit|blockUntilReady|check\w*|consume|try\w*|acquire|hit|take|allow\w*|is[A-Z]\w*|enforce\w*)$/
// Reading, undoing and setting up ask for nothing.
const ASKS_NOTHING =
  /^(?:get|create|make|build|new|reset|clear|record|track|report|register|set|add|delete|remove|refund|release|log|init|with|use|format|parse|to|from|should|block|unblock|\w*(?:Error|Exception|Enabled|Configured|Disabled|Ready)$)/
const DENIES = /limit|429|many|throttl|exceed/i
const MAX_DEPTH = 4

/**
 * The calls of a file that ask a limiter and get an answer back. Limiters that reject instead (rate-limiter-flexible, a
 * function that throws) and functions that answer the request themselves are not among them.
 */
export function limiterCallsIn(file: ts.SourceFile, context: RuleContext): LimiterCall[] {
  const operated = new Set(
    context.operations.in(file).flatMap(({ call, kind }) => (kind === 'limiter' ? call : [])),
  )
  return all(file, ts.isCallExpression).flatMap((call) => {
    const callee = bare(call.expression)
    const name = callee.getText().replaceAll(/\s+/g, ' ')
    const last = ts.isPropertyAccessExpression(callee)
      ? callee.name.text
      : ts.isIdentifier(callee)
        ? callee.text
        : ''
    if (last === '' || ASKS_NOTHING.test(last)) return []
    if (ts.isPropertyAccessExpression(callee) && !ASKS.test(last) && !ABOUT_LIMITS.test(last)) return []
    return answers(call, callee, operated.has(call), context) ? [{ call, name }] : []
  })
}

function answers(
  call: ts.CallExpression,
  callee: ts.Expression,
  isOperation: boolean,
  context: RuleContext,
): boolean {
  const { project, kinds } = context
  const declaration = project.declarationOf(nameOf(callee))
  const known = declaration && packageAt(declaration.getSourceFile().fileName)
  if (known !== undefined || !declaration)
    return isOperation && packageOf(callee, context, known) === '@upstash/ratelimit'
  const holder = above(declaration, isTypeOfThings)
  const isLimiter =
    isOperation ||
    ABOUT_LIMITS.test(callee.getText()) ||
    (holder !== undefined && (kinds.of(holder) === 'limiter' || ABOUT_LIMITS.test(holder.name?.text ?? '')))
  if (!isLimiter) return false
  const fn = functionAt(declaration)
  if (fn) return counts(fn, context, 0) && answersOf(fn, context, 0) === 'answers'
  // A method that is only declared: by its type, where that can be read.
  return ts.isMethodSignature(declaration) && isAnswerType(call, context)
}

function isTypeOfThings(node: ts.Node): node is ts.ClassLikeDeclaration | ts.InterfaceDeclaration {
  return ts.isClassLike(node) || ts.isInterfaceDeclaration(node)
}

function packageOf(
  callee: ts.Expression,
  context: RuleContext,
  known: string | undefined,
): string | undefined {
  if (known !== undefined || !ts.isPropertyAccessExpression(callee)) return known
  for (const { node } of context.products.of(callee.expression)) {
    const binding = ts.isNewExpression(node) ? bindingOf(node.expression, context.project) : undefined
    if (binding) return binding.package
  }
  return undefined
}

function isAnswerType(call: ts.CallExpression, { project }: RuleContext): boolean {
  const type = project.typeOf(call).awaited()
  if (type.isBoolean || type.members().some(({ name }) => DECIDES.test(name))) return true
  return type.declarations.some(hasDecidingMember)
}

function hasDecidingMember(declaration: ts.Node): boolean {
  return (
    isTypeOfThings(declaration) &&
    [...declaration.members].some(
      (member) => member.name !== undefined && DECIDES.test(member.name.getText()),
    )
  )
}

/** It waits for somebody, or keeps count: a function that only compares what it is given limits nobody. */
function counts(fn: FunctionNode, context: RuleContext, depth: number): boolean {
  if (hasModifier(fn, ts.SyntaxKind.AsyncKeyword) || context.project.returnTypeOf(fn).isPromise) return true
  if (/\+\+|\+= ?1|\.(?:set|incr\w*|push|consume)\(/.test(fn.body.getText())) return true
  return (
    depth < MAX_DEPTH &&
    own(fn.body, ts.isCallExpression).some((call) => {
      const declaration = context.project.declarationOf(nameOf(bare(call.expression)))
      const callee = declaration && functionAt(declaration)
      return (
        callee !== undefined &&
        ABOUT_LIMITS.test(call.expression.getText()) &&
        counts(callee, context, depth + 1)
      )
    })
  )
}

type Signal = 'answers' | 'rejects' | 'neither'

function answersOf(fn: FunctionNode, context: RuleContext, depth: number): Signal {
  if (depth > MAX_DEPTH) return 'neither'
  if (rejects(fn, context)) return 'rejects'
  const declared = fn.type ? context.project.returnTypeOf(fn).awaited() : undefined
  if (declared?.declarations.some(hasDecidingMember)) return 'answers'
  const signals = context.products
    .returnsOf(fn)
    .flatMap(({ value }) => (value ? armsOf(value) : []))
    .map((value) => signalOf(value, context, depth))
  return signals.find((each) => each === 'rejects') ?? signals.find((each) => each === 'answers') ?? 'neither'
}

function armsOf(value: ts.Expression): ts.Expression[] {
  const node = bare(value)
  if (ts.isConditionalExpression(node)) return [...armsOf(node.whenTrue), ...armsOf(node.whenFalse)]
  return [node]
}

function signalOf(value: ts.Expression, context: RuleContext, depth: number): Signal {
  if (isNull(value)) return 'neither'
  if (isBoolean(value)) return 'answers'
  if (ts.isObjectLiteralExpression(value)) {
    return value.properties.some(({ name }) => name && DECIDES.test(name.getText())) ? 'answers' : 'neither'
  }
  if (isRefusal(value)) return 'answers'
  if (ts.isIdentifier(value)) {
    const declaration = context.project.declarationOf(value)
    const isLocal = declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
    return isLocal && depth < MAX_DEPTH ? signalOf(bare(isLocal), context, depth + 1) : 'neither'
  }
  if (!ts.isCallExpression(value)) return 'neither'
  const callee = bare(value.expression)
  const declaration = context.project.declarationOf(nameOf(callee))
  const fn = declaration && functionAt(declaration)
  if (fn) return answersOf(fn, context, depth + 1)
  return ts.isPropertyAccessExpression(callee) &&
    callee.name.text === 'limit' &&
    packageOf(callee, context, declaration && packageAt(declaration.getSourceFile().fileName)) ===
      '@upstash/ratelimit'
    ? 'answers'
    : 'neither'
}

function isBoolean(node: ts.Expression): boolean {
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return true
  if (ts.isPrefixUnaryExpression(node)) return node.operator === ts.SyntaxKind.ExclamationToken
  if (!ts.isBinaryExpression(node)) return false
  const { kind } = node.operatorToken
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken) {
    return isBoolean(bare(node.left)) && isBoolean(bare(node.right))
  }
  return (
    (kind >= ts.SyntaxKind.LessThanToken && kind <= ts.SyntaxKind.ExclamationEqualsEqualsToken) ||
    kind === ts.SyntaxKind.InKeyword
  )
}

/** A response that the caller must send: `new Response('…', { status: 429 })`, not `res.status(429)`, which sends it. */
function isRefusal(node: ts.Expression): boolean {
  if (!/\b429\b/.test(node.getText())) return false
  if (ts.isNewExpression(node)) return node.expression.getText().endsWith('Response')
  return ts.isCallExpression(node) && node.expression.getText().endsWith('Response.json')
}

/** Whether it throws once it knows the answer; what it throws before is about its arguments. */
function rejects(fn: FunctionNode, context: RuleContext): boolean {
  const asked =
    own(fn.body, ts.isAwaitExpression)[0]?.pos ?? own(fn.body, ts.isIfStatement)[0]?.pos ?? fn.body.end
  const throws = own(fn.body, ts.isThrowStatement).some((node) =>
    above(node, ts.isCatchClause) ? DENIES.test(node.getText()) : node.pos > asked && !isOfSetup(node),
  )
  if (throws) return true
  return own(fn.body, ts.isCallExpression).some((call) => {
    const declaration = context.project.declarationOf(nameOf(bare(call.expression)))
    const known = declaration && packageAt(declaration.getSourceFile().fileName)
    return known === 'rate-limiter-flexible' && !isGuarded(call, fn)
  })
}

/** `if (!redis) throw …`, `if (!result) throw …`: nothing came back, which is no answer. */
function isOfSetup(node: ts.ThrowStatement): boolean {
  return (
    /config|unavailable|not (?:set|found|initiali[sz]ed|connected)|missing|required|invalid/i.test(
      node.getText(),
    ) && !DENIES.test(node.getText())
  )
}

function isGuarded(call: ts.CallExpression, fn: FunctionNode): boolean {
  for (let each: ts.Node = call; each !== fn.body && each.parent !== undefined; each = each.parent) {
    const { parent } = each
    if (ts.isTryStatement(parent) && parent.tryBlock === each && parent.catchClause) return true
    if (ts.isPropertyAccessExpression(parent) && parent.name.text === 'catch') return true
    if (isFunction(parent) && parent !== fn) return false
  }
  return false
}
