import ts from 'typescript'
import type { RuleContext } from '../../rule.js'
import { all, bare, isAssignment, lastName } from '../../syntax.js'
import { containersOf, moduleName } from '../containers.js'
import { isFailureStatus } from '../failure-status.js'
import { otherWaitsIn } from '../other-waits.js'
import { givesFailedResult } from './failed-results.js'
import { endsInThrow } from './guards.js'

const HANDS_ON = /^(?:next|done|cb|callback)$/
const ANSWERER = /^_?(?:res|resp|response|reply|ctx|c|context|h|next)$/
// `handleError(res, error)`, `return errorResponse('…')`, `return ApiResponse.error('…')`
const NAMES_FAILURE = /(?:error|failure|exception)(?:response|result|handler|reply|json)?$/i
const OF_ANSWERS = /res(?:ponse|ult)?s?$|reply|api|json|http|err(?:or)?s?$/i
const LIMITS = /limit|throttl|quota|brute/i
// Who asks, and with what, is no other source of the answer.
const OF_THE_REQUEST =
  /^(?:json|text|formData|body|readBody|parseBody|params|headers|cookies|auth|requireAuth|getServerSession|getSession|getUser|currentUser|getToken|verifyToken|parseAsync)$/

/**
 * Whether a catch that has caught a failure of Redis fails in turn: it throws, hands the error on, or answers the request
 * with it. Around more than the cache, it is nobody's decision about the cache, which the answer does not depend on.
 */
export function failsInTurn(
  node: ts.TryStatement,
  { failing, isOfCaller }: { failing: ts.Node; isOfCaller: boolean },
  context: RuleContext,
): boolean {
  const { catchClause } = node
  if (!catchClause) return false
  const answers = answersWithError(catchClause)
  // What a cache answers that could not do as it was told is not what a request is answered with.
  const isResult = !answers && givesFailedResult(catchClause)
  // What callers throw on is told where they ask, if it is known for asking.
  const isToldThere = isOfCaller && ts.isCallExpression(failing) && isOperation(failing, context)
  if (!answers && !isResult && (isToldThere || !endsInThrow(catchClause))) return false
  const { role } = context.roles.of(node)
  if (role === 'application') return hasOtherSource(node, failing, context)
  // A limiter that is away is another matter.
  return role === 'implementation' && answers && !isOfLimiter(node)
}

function hasOtherSource({ tryBlock }: ts.TryStatement, failing: ts.Node, context: RuleContext): boolean {
  // A function that asks the cache among other things is more than the cache itself.
  if (ts.isCallExpression(failing) && !isOperation(failing, context)) return true
  const operations = context.operations.within(tryBlock)
  return otherWaitsIn(tryBlock, operations, context.products).some(({ expression }) => {
    const asked = bare(expression)
    const isThere = failing.pos >= expression.pos && failing.end <= expression.end
    return !isThere && !(ts.isCallExpression(asked) && OF_THE_REQUEST.test(lastName(bare(asked.expression))))
  })
}

function isOperation(call: ts.CallExpression, { operations }: RuleContext): boolean {
  return operations.at(call) !== undefined
}

function isOfLimiter(node: ts.Node): boolean {
  return (
    LIMITS.test(moduleName(node.getSourceFile())) || containersOf(node).some(({ name }) => LIMITS.test(name))
  )
}

/** Whether a try that a node stands in does. */
export function isAnsweredWithError(node: ts.Node): boolean {
  for (let each = node; each.parent !== undefined; each = each.parent) {
    const { parent } = each
    const isGuarded = ts.isTryStatement(parent) && parent.tryBlock === each
    if (!isGuarded || !parent.catchClause) continue
    if (answersWithError(parent.catchClause) || givesFailedResult(parent.catchClause)) return true
  }
  return false
}

/** At its end, whatever was caught: `next(error)`, `res.status(500).json(…)`, `return errorResponse(…)`. */
export function answersWithError({ block, variableDeclaration }: ts.CatchClause): boolean {
  const { statements } = block
  const last = statements.findLast((each) => !ts.isReturnStatement(each) || each.expression !== undefined)
  if (!last) return false
  if (statements.some(setsFailureStatus)) return true
  const isReturned = ts.isReturnStatement(last)
  const value = isReturned ? last.expression : ts.isExpressionStatement(last) ? last.expression : undefined
  return value !== undefined && isFailedAnswer(bare(value), isReturned, variableDeclaration?.name.getText())
}

/** `ctx.status = 500` */
function setsFailureStatus(node: ts.Statement): boolean {
  if (!ts.isExpressionStatement(node)) return false
  const { expression } = node
  return (
    isAssignment(expression) &&
    /^status(?:Code)?$/.test(lastName(expression.left)) &&
    isFailureStatus(expression.right)
  )
}

function isFailedAnswer(node: ts.Expression, isReturned: boolean, error: string | undefined): boolean {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false
  const callee = bare(node.expression)
  const given = [...(node.arguments ?? [])]
  if (ts.isIdentifier(callee) && HANDS_ON.test(callee.text)) return isError(given[0], error)
  if (hasFailureStatus(node)) return true
  if (!NAMES_FAILURE.test(lastName(callee))) return false
  const isGivenAnswerer = given.some((each) => ts.isIdentifier(each) && ANSWERER.test(each.text))
  if (lastName(callee) !== 'error') return isReturned || isGivenAnswerer
  // `logger.error(…)` answers nobody.
  return (
    ts.isPropertyAccessExpression(callee) &&
    (isGivenAnswerer || (isReturned && OF_ANSWERS.test(lastName(bare(callee.expression)))))
  )
}

function isError(given: ts.Expression | undefined, error: string | undefined): boolean {
  if (!given) return false
  const value = bare(given)
  return (
    ts.isNewExpression(value) ||
    ts.isCallExpression(value) ||
    (error !== undefined && all(value, ts.isIdentifier).some(({ text }) => text === error))
  )
}

/** Somewhere in the chain: `res.status(500).json(…)`, `new Response(…, { status: 503 })`, `c.json(…, 500)`. */
function hasFailureStatus(node: ts.CallExpression | ts.NewExpression): boolean {
  if ((node.arguments ?? []).some(isFailureStatus)) return true
  const callee = bare(node.expression)
  const before = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined
  return before !== undefined && ts.isCallExpression(before) && hasFailureStatus(before)
}
