import ts from 'typescript'
import type { Project } from '../project/project.js'
import { above, all, bare, functionAt, isAssignment, isWithin, nameOf } from '../syntax.js'
import type { Handler } from './handling.js'
import { isMeasurement, namesOf } from './measuring.js'

const LEVEL =
  /^(?:log|warn|warning|error|err|info|debug|trace|fatal|critical|notice|verbose|silly|alert|exception|logException|event)$/
// Calculations and answers, which have methods of those names.
const NO_LOGGER = /^(?:Math|Result|Either|Response|NextResponse|Promise|Object)$/
const TELLING =
  /(?:^|_)log(?:$|[A-Z_])|Log(?:ged|ger)?$|[a-z]Log(?:[A-Z]|$)|^(?:warn|debug|print|notify|alert|report|capture|track|trace|audit|emit|dispatch)(?:$|[A-Z_])|captureException|captureMessage|noticeError|recordException|addBreadcrumb|onError$|(?:warn|alert)Once/
const STATE =
  /^(?:down|error|fail\w*|unhealthy|degraded|disconnected|unavailable|offline|critical|not[ _-]?\w+)$/i

const MAX_DEPTH = 3

/**
 * Whether anybody hears of the failure: a log, a metric, an error tracker, a function of ours that does one of them, the
 * caller who gets the error or its own response. What cannot be read and is given the error is believed to tell.
 */
export function isTold({ body, callback, error, node }: Handler, project: Project): boolean {
  if (!body) return callback !== undefined && isTellingCallback(callback, project)
  return tells(body, project, error) || isToldLater(body, node, project)
}

/** As `isTold`, of any code that runs in a failure. */
export function tells(body: ts.Node, project: Project, error?: ts.Identifier, depth = 0): boolean {
  if (all(body, ts.isThrowStatement).length > 0) return true
  if (all(body, ts.isStringLiteralLike).some(({ text }) => STATE.test(text))) return true
  if (all(body, ts.isCallExpression).some((call) => isTelling(call, project, error, depth))) return true
  if (all(body, ts.isNewExpression).some(({ arguments: args = [] }) => args.some(isFailureStatus)))
    return true
  return error !== undefined && givesBack(body, error)
}

function isTelling(
  call: ts.CallExpression,
  project: Project,
  error: ts.Identifier | undefined,
  depth: number,
): boolean {
  const names = namesOf(call.expression)
  const method = names.at(-1) ?? ''
  const isLog =
    (LEVEL.test(method) && !NO_LOGGER.test(names[0] ?? '')) || TELLING.test(method) || isMeasurement(call)
  const declaration = project.declarationOf(nameOf(bare(call.expression)))
  const callee = declaration && functionAt(declaration)
  if (callee && !isWithin(call, callee)) {
    if (isEmpty(callee.body)) return false
    if (isLog) return true
    const name = callee.parameters[0]?.name
    const passed = name && ts.isIdentifier(name) ? name : undefined
    return depth < MAX_DEPTH && tells(callee.body, project, passed, depth + 1)
  }
  if (isLog || call.arguments.some(isFailureStatus)) return true
  if (/^(?:stderr|stdout)$/.test(names.at(-2) ?? '') || method === 'exit') return true
  // It is given the error, and nobody here looks at what it answers.
  return error !== undefined && isStatement(call) && call.arguments.some((each) => mentions(each, error))
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

/** `failed = true` here, and `if (failed) log(…)` after it; or `lastError = error`, thrown when all attempts have failed. */
function isToldLater(body: ts.Node, handler: ts.Node, project: Project): boolean {
  const scope = above(handler, ts.isFunctionLike)
  if (!scope) return false
  const locals = all(body, isAssignment).flatMap(({ left }) => {
    const declaration = ts.isIdentifier(left) ? project.declarationOf(left) : undefined
    return declaration && isWithin(declaration, scope) && !isWithin(declaration, body) ? [declaration] : []
  })
  if (locals.length === 0) return false
  const refersTo = (node: ts.Node) =>
    all(node, ts.isIdentifier).some(
      (name) => !isWithin(name, body) && locals.includes(project.declarationOf(name) as ts.Declaration),
    )
  return (
    all(scope, ts.isThrowStatement).some(refersTo) ||
    all(scope, ts.isIfStatement).some(
      ({ expression, thenStatement, elseStatement }) =>
        refersTo(expression) &&
        [thenStatement, elseStatement].some((branch) => branch && tells(branch, project)),
    ) ||
    all(scope, ts.isCallExpression).some(
      (call) =>
        !isWithin(call, body) && call.arguments.some(refersTo) && isTelling(call, project, undefined, 0),
    ) ||
    all(scope, ts.isReturnStatement).some(
      ({ expression }) =>
        expression !== undefined && all(expression, ts.isObjectLiteralExpression).some(refersTo),
    )
  )
}

/** `.catch(logger.warn)`, `.catch(reject)`; one that can be read says itself what it does. */
function isTellingCallback(callback: ts.Expression, project: Project): boolean {
  const node = bare(callback)
  if (ts.isCallExpression(node)) {
    // `.catch(report('get'))` is made by a function; `.catch(this.onError.bind(this))` was read already.
    const made = project.declarationOf(nameOf(node.expression))
    const maker = made && functionAt(made)
    return maker ? tells(maker.body, project) : true
  }
  return !/^(?:noop|ignore\w*|swallow\w*|identity|undefined|null)$/i.test(namesOf(node).at(-1) ?? '')
}

function mentions(node: ts.Node, { text }: ts.Identifier): boolean {
  return all(node, ts.isIdentifier).some((name) => name.text === text)
}

function isEmpty(body: ts.Node): boolean {
  return ts.isBlock(body) && body.statements.length === 0
}
