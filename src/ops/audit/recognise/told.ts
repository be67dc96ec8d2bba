import ts from 'typescript'
import type { Project } from '../project/project.js'
import { above, all, bare, functionAt, isAssignment, isWithin, nameOf } from '../syntax.js'
import type { Handler } from './handling/handling.js'
import { namesOf } from './measuring.js'
import { isTelling, tells } from './telling.js'

/**
 * Whether anybody hears of the failure: a log, a metric, an error tracker, a function of ours that does one of them, the
 * caller who gets the error or its own response. What cannot be read and is given the error is believed to tell.
 */
export function isTold({ body, callback, error, node }: Handler, project: Project): boolean {
  if (!body) return callback !== undefined && isTellingCallback(callback, project)
  return tells(body, project, error) || isToldLater(body, node, project)
}

/** `failed = true` here, and `if (failed) log(…)` after it; or `lastError = error`, thrown when all attempts have failed. */
function isToldLater(body: ts.Node, handler: ts.Node, project: Project): boolean {
  const scope = above(handler, ts.isFunctionLike)
  if (!scope) return false
  const locals = all(body, isAssignment).flatMap(({ left, right }) => {
    // What stands for a miss as well says nothing of a failure.
    if (isNothing(right)) return []
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
        !isWithin(call, body) && call.arguments.some(refersTo) && isTelling(call, { project, depth: 0 }),
    ) ||
    all(scope, ts.isReturnStatement).some(
      ({ expression }) =>
        expression !== undefined &&
        (all(expression, ts.isObjectLiteralExpression).some(refersTo) || isGauge(expression, refersTo)),
    )
  )
}

/** `redis_up ${up}`, in the text that a scraper reads. */
function isGauge(answer: ts.Expression, refersTo: (node: ts.Node) => boolean): boolean {
  return all(answer, ts.isTemplateExpression).some(
    ({ head, templateSpans }) =>
      /\w_(?:up|down|healthy|connected|available)\b[^\w]*$/.test(head.text) &&
      templateSpans.some(({ expression }) => refersTo(expression)),
  )
}

function isNothing(node: ts.Expression): boolean {
  const value = bare(node)
  return value.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(value) && value.text === 'undefined')
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
