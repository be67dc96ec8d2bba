import ts from 'typescript'
import type { Project } from '../project/project.js'
import { above, all, bare, functionAt, isFunction, isWithin, nameOf, type FunctionNode } from '../syntax.js'
import { isMeasurement, isOwnStatistic, namesOf } from './measuring.js'
import { runsInOutage } from './outage-paths.js'

const LEVEL =
  /^(?:log|warn|warning|error|err|info|debug|trace|fatal|critical|notice|verbose|silly|alert|exception|logException|event)$/
// Calculations and answers, which have methods of those names.
const NO_LOGGER = /^(?:Math|Result|Either|Response|NextResponse|Promise|Object)$/
const TELLING =
  /(?:^|_)log(?:$|[A-Z_])|Log(?:ged|ger)?$|[a-z]Log(?:[A-Z]|$)|^(?:warn|debug|print|notify|alert|report|capture|track|trace|audit|emit|dispatch)(?:$|[A-Z_])|captureException|captureMessage|noticeError|recordException|addBreadcrumb|onError$|(?:warn|alert)Once/
const STATE =
  /^(?:down|error|fail\w*|unhealthy|degraded|disconnected|unavailable|offline|critical|not[ _-]?\w+)$/i

const LOUD = /^(?:warn|warning|error|err|fatal|critical|alert|exception|logException)$/
const SAYS_FAILURE =
  /err(?:or)?s?\b|error|fail|unavailab|timeout|fall(?:s|ing)?[\s_-]?back|outage|exception|degrad|lost|unreachable|offline|without (?:redis|cache)/i

const MAX_DEPTH = 3
// A function that is not told of the failure and does not say so itself, has it said by the next one or not at all.
const MAX_DEPTH_UNTOLD = 1

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
  const inOutage = (node: ts.Node) => runsInOutage(node, body, error) && !isOfAnother(node, body, error)
  if (all(body, ts.isThrowStatement).some(inOutage)) return true
  if (all(body, ts.isStringLiteralLike).some((each) => STATE.test(each.text) && inOutage(each))) return true
  if (all(body, isErrorCount).some(inOutage)) return true
  if (
    all(body, ts.isCallExpression).some(
      (call) => inOutage(call) && isTelling(call, { project, error, depth }),
    )
  )
    return true
  if (all(body, ts.isNewExpression).some(({ arguments: args = [] }) => args.some(isFailureStatus)))
    return true
  return error !== undefined && givesBack(body, error)
}

/** Whether one call does. */
export function isTelling(call: ts.CallExpression, { project, error, depth }: Telling): boolean {
  const names = namesOf(call.expression)
  const method = names.at(-1) ?? ''
  const isLog = isLogging(names) || ((TELLING.test(method) || isMeasurement(call)) && !countsMiss(call))
  const declaration = project.declarationOf(nameOf(bare(call.expression)))
  const callee = declaration && functionAt(declaration)
  if (callee && !isWithin(call, callee)) {
    if (isEmpty(callee.body)) return false
    if (isLog) return true
    if (depth >= MAX_DEPTH) return false
    const given = error && parameterFor(error, call, callee)
    return given ? tells(callee.body, project, given.name, depth + 1) : alarms(callee.body, project)
  }
  if (isLog || call.arguments.some(isFailureStatus)) return true
  if (/^(?:stderr|stdout)$/.test(names.at(-2) ?? '') || method === 'exit') return true
  // It is given the error, and nobody here looks at what it answers.
  return error !== undefined && isStatement(call) && call.arguments.some((each) => mentions(each, error))
}

function isLogging(names: readonly string[]): boolean {
  return LEVEL.test(names.at(-1) ?? '') && !NO_LOGGER.test(names[0] ?? '')
}

/** What handles a failure of its own in there, of the database for instance, speaks of that one. */
function isOfAnother(node: ts.Node, body: ts.Node, error?: ts.Identifier): boolean {
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

/** A failure that is counted as a miss looks like one. */
function countsMiss(call: ts.CallExpression): boolean {
  const text = [...namesOf(call.expression), ...call.arguments.map((each) => each.getText())].join(' ')
  return /miss|hit/i.test(text) && !SAYS_FAILURE.test(text)
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

/**
 * Whether a function that knows nothing of the failure tells of it all the same. One that only gets the answer from
 * elsewhere does not: what it logs is its own affair, and so are the failures that it handles.
 */
function alarms(body: ts.Node, project: Project, deeper = MAX_DEPTH_UNTOLD): boolean {
  const last = ts.isBlock(body) ? body.statements.at(-1) : undefined
  if (last && ts.isThrowStatement(last)) return true
  return all(body, ts.isCallExpression).some((call) => {
    if (isOfAnother(call, body)) return false
    const names = namesOf(call.expression)
    const method = names.at(-1) ?? ''
    if (isLogging(names)) return LOUD.test(method) || SAYS_FAILURE.test(call.getText())
    if (TELLING.test(method) || isMeasurement(call)) return !countsMiss(call)
    const declaration = deeper > 0 ? project.declarationOf(nameOf(bare(call.expression))) : undefined
    const callee = declaration && functionAt(declaration)
    return callee !== undefined && !isWithin(call, callee) && alarms(callee.body, project, deeper - 1)
  })
}

/** An answer of 4xx or 5xx: who asked is told. */
function isFailureStatus(node: ts.Expression): boolean {
  const value = bare(node)
  if (ts.isNumericLiteral(value)) return /^[45]\d\d$/.test(value.text)
  if (ts.isObjectLiteralExpression(value)) {
    return value.properties.some(
      (each) =>
        ts.isPropertyAssignment(each) &&
        /^(?:status|statusCode|code)$/.test(each.name.getText()) &&
        (isFailureStatus(each.initializer) || /^['"][A-Z_]+['"]$/.test(each.initializer.getText())),
    )
  }
  return /^HttpStatus\.|^StatusCodes?\./.test(value.getText())
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
function givesBack(body: ts.Node, error: ts.Identifier): boolean {
  if (ts.isExpression(body)) return mentions(body, error)
  return all(body, ts.isReturnStatement).some(({ expression }) => {
    const value = expression && bare(expression)
    if (!value) return false
    return ts.isConditionalExpression(value)
      ? mentions(value.whenTrue, error) || mentions(value.whenFalse, error)
      : mentions(value, error)
  })
}

function mentions(node: ts.Node, { text }: ts.Identifier): boolean {
  return all(node, ts.isIdentifier).some((name) => name.text === text)
}

function isEmpty(body: ts.Node): boolean {
  return ts.isBlock(body) && body.statements.length === 0
}
