import ts from 'typescript'
import type { Project } from '../project/project.js'
import { all, bare, functionAt, isAssignment, isWithin, nameOf, own, type FunctionNode } from '../syntax.js'
import { alarms } from './alarms.js'
import { isFailureStatus } from './failure-status.js'
import { isLogging, reports } from './failure-words.js'
import { isOfAnother, mentions, runsInOutage } from './outage-paths.js'
import { keepsError } from './kept-errors.js'
import { isOwnStatistic, namesOf } from './measuring.js'
import { isLeftOutInProduction } from './outside-production.js'

const STATE =
  /^(?:down|error|fail\w*|unhealthy|degraded|disconnected|unavailable|offline|critical|not[ _-]?\w+)$/i

const MAX_DEPTH = 3
/** Who is told of the failure that a piece of code handles. */
interface Telling {
  project: Project
  /** What the code calls the error, where it has it. */
  error?: ts.Identifier | undefined
  depth: number
}

/**
 * Whether code that runs in a failure tells of it: by a log, a metric, an error tracker, a function of ours that does one
 * of them, the error or a status that it gives back.
 */
export function tells(body: ts.Node, project: Project, error?: ts.Identifier, depth = 0): boolean {
  const inOutage = (node: ts.Node) =>
    runsInOutage(node, body, error) &&
    !isOfAnother(node, body, error) &&
    !isLeftOutInProduction(node, body, project)
  if (all(body, ts.isThrowStatement).some(inOutage)) return true
  if (all(body, ts.isStringLiteralLike).some((each) => STATE.test(each.text) && inOutage(each))) return true
  if (all(body, isErrorCount).some(inOutage)) return true
  if (error && all(body, isAssignment).some((each) => inOutage(each) && keepsError(each, error))) return true
  if (
    all(body, ts.isCallExpression).some(
      (call) => inOutage(call) && !isSaidAnyway(call, body) && isTelling(call, { project, error, depth }),
    )
  )
    return true
  if (all(body, ts.isNewExpression).some(({ arguments: args = [] }) => args.some(isFailureStatus)))
    return true
  return (
    all(body, ts.isReturnStatement).some(isFailureState) ||
    (error !== undefined && givesBack(body, error, inOutage))
  )
}

/** `record({ operation: 'set', took })`, word for word what stands where all went well: nobody hears the difference. */
function isSaidAnyway(call: ts.CallExpression, body: ts.Node): boolean {
  const around = body.parent
  if (around === undefined || !ts.isCatchClause(around) || call.arguments.length === 0) return false
  const said = wordsIn(call)
  return own(around.parent.tryBlock, ts.isCallExpression).some(
    (each) => each.arguments.length === call.arguments.length && wordsIn(each) === said,
  )
}

function wordsIn(node: ts.Node): string {
  return node.getText().replaceAll(/\s+/g, ' ')
}

/** `return Outcome.error`, the member of an enumeration. */
function isFailureState({ expression }: ts.ReturnStatement): boolean {
  return (
    expression !== undefined &&
    all(expression, ts.isPropertyAccessExpression).some(
      ({ name, expression: of }) => STATE.test(name.text) && ts.isIdentifier(of) && /^[A-Z]/.test(of.text),
    )
  )
}

/** Whether one call does. */
export function isTelling(call: ts.CallExpression, { project, error, depth }: Telling): boolean {
  const names = namesOf(call.expression)
  const method = names.at(-1) ?? ''
  const isLog = isLogging(names) || reports(call)
  if (call.arguments.some(isFailureStatus)) return true
  const declaration = project.declarationOf(nameOf(bare(call.expression)))
  const callee = declaration && functionAt(declaration)
  if (callee && !isWithin(call, callee)) {
    if (isEmpty(callee.body)) return false
    if (isLog) return true
    if (depth >= MAX_DEPTH) return false
    const given = error && parameterFor(error, call, callee)
    return given ? tells(callee.body, project, given.name, depth + 1) : alarms(callee.body, project)
  }
  if (isLog) return true
  if (/^(?:stderr|stdout)$/.test(names.at(-2) ?? '') || method === 'exit') return true
  // It is given the error, and nobody here looks at what it answers.
  return error !== undefined && isStatement(call) && call.arguments.some((each) => mentions(each, error))
}

/** `this.stats.errors++`: a statistic that somebody can read. */
function isErrorCount(node: ts.Node): node is ts.Expression {
  return isOwnStatistic(node) && /err|fail/i.test(node.getText())
}

/** What a function calls the error that it is given; undefined when it is not given it. */
function parameterFor(
  error: ts.Identifier,
  { arguments: args }: ts.CallExpression,
  { parameters }: FunctionNode,
): { name: ts.Identifier | undefined } | undefined {
  const index = args.findIndex((each) => mentions(each, error))
  if (index < 0) return undefined
  const name = (parameters[index] ?? parameters.at(-1))?.name
  return { name: name && ts.isIdentifier(name) ? name : undefined }
}

function isStatement(call: ts.Node): boolean {
  let each: ts.Node = call
  while (
    ts.isAwaitExpression(each.parent) ||
    ts.isVoidExpression(each.parent) ||
    ts.isParenthesizedExpression(each.parent)
  )
    each = each.parent
  return (
    ts.isExpressionStatement(each.parent) ||
    ts.isReturnStatement(each.parent) ||
    ts.isArrowFunction(each.parent)
  )
}

/** The error, or something made of it, is what the caller gets: `return { ok: false, error }`. */
function givesBack(body: ts.Node, error: ts.Identifier, inOutage: (node: ts.Node) => boolean): boolean {
  if (isTakenForAnswer(error)) return false
  if (ts.isExpression(body)) return mentions(body, error)
  return all(body, ts.isReturnStatement).some((node) => {
    const value = node.expression && bare(node.expression)
    if (!value || !inOutage(node)) return false
    return ts.isConditionalExpression(value)
      ? mentions(value.whenTrue, error) || mentions(value.whenFalse, error)
      : mentions(value, error)
  })
}

/** `catch((limiterRes: RateLimiterRes) => …)`: taken for what a limiter answers, it tells nobody of a failure. */
function isTakenForAnswer({ text, parent }: ts.Identifier): boolean {
  const type = ts.isParameter(parent) ? (parent.type?.getText() ?? '') : ''
  return /^RateLimiterRes$/.test(type) || /^(?:rate|rl|limiter|rej)\w*Res(?:ult|ponse)?$/i.test(text)
}

function isEmpty(body: ts.Node): boolean {
  return ts.isBlock(body) && body.statements.length === 0
}
