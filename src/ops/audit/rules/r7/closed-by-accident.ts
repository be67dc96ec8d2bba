import ts from 'typescript'
import { nameGivenTo } from '../../recognise/containers.js'
import { isHandler } from '../../recognise/handlers.js'
import type { Handler } from '../../recognise/handling/handling.js'
import { fails, meaningOfTrue, refuses } from '../../recognise/limiter-answers.js'
import type { Operation } from '../../recognise/operations.js'
import type { Judgement, RuleContext } from '../../rule.js'
import { above, all, bare, isFunction, isWithin, own, symbolOf } from '../../syntax.js'
import { answerToOutage } from './answer-to-outage.js'

export const LIMITS = /rate.?limit|limiter|throttl|isAllowed|isLimited|quota|slow.?down|brute/i
// Somebody has thought of it, and says so.
export const DECLARED =
  /fail(?:s|ed|ing)?[\s_-]?(?:closed?|secure|safe)|deny (?:on|when|if)|den(?:y|ied) while|on_?unavailable|fail_?open/i

const FAILS =
  'A Redis that is away is answered as an error of the server here: the limiter, which is there to protect the service, takes it down.'
export const TAKEN_FOR_LIMIT =
  'A Redis that is away is taken for a limit that is reached: in an outage every request is refused, and nothing says that it was meant to be.'
export const REMEDY =
  'Let the request pass (an allow-all limiter), or declare the other with an option such as `onUnavailable: "deny"`, and refuse only on the answer of the limiter itself.'

/** A Redis that is away must not refuse requests, unless somebody has decided that it shall. */
export function* closedByAccident(file: ts.SourceFile, context: RuleContext): Generator<Judgement> {
  for (const handler of context.handling.in(file)) {
    const operations = context.handling.guardedBy(handler)
    yield* ofNext(handler, operations)
    if (!handler.body || operations.length === 0) continue
    const around = above(handler.node, isFunction)
    const name = nameAround(handler.node)
    const isLimiting = operations.some(({ kind }) => kind === 'limiter') || LIMITS.test(name)
    if (!isLimiting || isOwnAffair(handler.node, operations, context)) continue
    // Where it throws what the limiter refuses, a `false` says something else.
    const isThrown = all(handler.body, ts.isThrowStatement).length > 0
    const meaning =
      !around || isThrown
        ? undefined
        : meaningOfTrue(around, symbolOf(around).split('.').at(-1) || nameGivenTo(around))
    const isNarrow = guardsLittleElse(handler, operations)
    const { node, kind } = answerToOutage(handler.body, handler.error, (value) =>
      refuses(value, meaning)
        ? 'refuses'
        : isNarrow && (fails(value) || failsRequest(value, handler))
          ? 'fails'
          : undefined,
    )
    if (!node) {
      if (kind === 'allows')
        yield {
          node: handler.node,
          site: 'conforms',
          what: `${name || 'a limiter'} lets requests pass when Redis fails`,
        }
    } else if (DECLARED.test(textAround(handler, around))) {
      yield {
        node: handler.node,
        site: 'conforms',
        what: `${name || 'a limiter'} is declared to fail closed`,
      }
    } else {
      yield {
        node,
        message: kind === 'fails' ? FAILS : TAKEN_FOR_LIMIT,
        remedy: REMEDY,
      }
    }
  }
}

/** What asks a limiter is limited, also where what it lets pass is a code or a link with no other home. */
export function isOwnAffair(
  node: ts.Node,
  operations: readonly Operation[],
  { roles }: RuleContext,
): boolean {
  const { role, exemption } = roles.of(node)
  const isLimited = exemption === 'a primary store' && operations.every(({ kind }) => kind === 'limiter')
  return role === 'exempt' && !isLimited
}

/** `limiter.consume(ip).catch(next)`. */
function* ofNext({ node, callback }: Handler, operations: readonly Operation[]): Generator<Judgement> {
  const isNext = callback && ts.isIdentifier(callback) && callback.text === 'next'
  if (!isNext || !parametersAround(node).includes('next')) return
  const isLimiting = operations.some(({ kind }) => kind === 'limiter') || LIMITS.test(nameAround(node))
  if (operations.length > 0 && isLimiting) yield { node: callback, message: FAILS, remedy: REMEDY }
}

/** `next(error)` and `throw error` of a middleware: the framework answers the request with 500. */
function failsRequest(value: ts.Expression, { node, error }: Handler): boolean {
  const names = parametersAround(node)
  const given = bare(value)
  const isError = (each: ts.Expression) =>
    error !== undefined && all(each, ts.isIdentifier).some(({ text }) => text === error.text)
  if (!ts.isCallExpression(given))
    return ts.isIdentifier(given) && isError(given) && (names.includes('next') || isThrownByHandler(value))
  const [first] = given.arguments
  const callee = given.expression
  if (!first || (!isError(first) && !ts.isNewExpression(bare(first)))) return false
  if (ts.isIdentifier(callee)) return /^(?:next|done)$/.test(callee.text) && names.includes(callee.text)
  // Fastify takes an error for an answer, and it has the status 500.
  return isError(first) && /^(?:reply|res)\.send$/.test(callee.getText()) && ts.isIdentifier(bare(first))
}

/** `throw error` of what answers the request itself, such as an `action`. */
function isThrownByHandler({ parent }: ts.Expression): boolean {
  const around = ts.isThrowStatement(parent) ? above(parent, isFunction) : undefined
  return around !== undefined && isHandler(around)
}

function parametersAround(node: ts.Node): string[] {
  const names: string[] = []
  for (let each = above(node, ts.isFunctionLike); each; each = above(each, ts.isFunctionLike))
    names.push(...each.parameters.map(({ name }) => name.getText()))
  return names
}

function nameAround(node: ts.Node): string {
  const names = [symbolOf(node)]
  for (let each = above(node, ts.isFunctionLike); each; each = above(each, ts.isFunctionLike)) {
    const named = each.name ?? (ts.isVariableDeclaration(each.parent) ? each.parent.name : undefined)
    if (named) names.push(named.getText())
  }
  return names.find((each) => LIMITS.test(each)) ?? names.find(Boolean) ?? ''
}

/** A try around a whole request says nothing about the limiter within it. */
function guardsLittleElse({ guarded, kind }: Handler, operations: readonly Operation[]): boolean {
  if (kind === 'rejection') return true
  const awaited = all(guarded, ts.isAwaitExpression).filter((each) =>
    own(guarded, ts.isAwaitExpression).includes(each),
  )
  return awaited.every(
    (each) => operations.some(({ call }) => isWithin(call, each)) || !ts.isCallExpression(each.expression),
  )
}

/** The handler with its comments, and the declared intention of the function around it. */
function textAround({ body }: Handler, around: ts.Node | undefined): string {
  return `${body?.parent.getFullText() ?? ''}\n${around?.getFullText().slice(0, 4000) ?? ''}`
}
