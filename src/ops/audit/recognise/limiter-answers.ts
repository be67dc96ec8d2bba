import ts from 'typescript'
import { above, all, bare, isAssignment, lastName, own, type FunctionNode } from '../syntax.js'

const ALLOWS = /^(?:allowed|success|ok|isAllowed|permitted|pass(?:ed)?|can(?:Proceed|Continue|Pass))$/
const DENIES = /^(?:limited|isLimited|rateLimited|isRateLimited|blocked|isBlocked|exceeded|throttled|denied)$/
const NAMES_DENIAL = /limited|blocked|exceeded|throttled|denied|banned|tooMany/i
const NAMES_ALLOWANCE = /allow|^can|check|consume|acquire|permit|pass|within|under|verify|enforce/i
// `@returns true if the limit is exceeded`
const SAYS_DENIED =
  /@returns?\b[^@]*\btrue\b[^@.]*\b(?:exceed\w*|over|limited|blocked|denied|throttled|reached)\b/i
const REFUSAL =
  /^(?:429|403)$|TOO_?MANY|FORBIDDEN|RateLimit(?:ed|Exceeded)?(?:Error|Exception)|Throttl\w*(?:Error|Exception)/i
// What those who refuse say: `new Error('Rate limit exceeded')`.
const SAYS_REFUSAL =
  /too many (?:requests|attempts|calls)|\blimit (?:was )?(?:exceeded|reached)|rate[- ]limited/i
const STATUS = /^(?:status|statusCode|code)$/
const FAILURE = /^(?:500|502|503)$|INTERNAL_SERVER_ERROR|SERVICE_UNAVAILABLE/

/** What `true` means in the answers of a limiter: read from its comparisons, else from its name; undefined when neither tells. */
export function meaningOfTrue(node: FunctionNode, name: string): 'allowed' | 'denied' | undefined {
  const values = ts.isBlock(node.body)
    ? own(node.body, ts.isReturnStatement).flatMap(({ expression }) => expression ?? [])
    : [node.body as ts.Expression]
  for (const value of values.map(bare)) {
    if (ts.isBinaryExpression(value)) {
      const { kind } = value.operatorToken
      if (kind === ts.SyntaxKind.LessThanEqualsToken || kind === ts.SyntaxKind.LessThanToken) return 'allowed'
      if (kind === ts.SyntaxKind.GreaterThanToken || kind === ts.SyntaxKind.GreaterThanEqualsToken)
        return /remaining|left|tokens/i.test(value.left.getText()) ? 'allowed' : 'denied'
    }
    if (ts.isPropertyAccessExpression(value) && ALLOWS.test(value.name.text)) return 'allowed'
    if (ts.isPropertyAccessExpression(value) && DENIES.test(value.name.text)) return 'denied'
  }
  const said = SAYS_DENIED.exec(commentAbove(node))
  if (said || NAMES_DENIAL.test(name)) return 'denied'
  return NAMES_ALLOWANCE.test(name) ? 'allowed' : undefined
}

function commentAbove(node: ts.Node): string {
  return node.getSourceFile().text.slice(node.getFullStart(), node.getStart())
}

/** Whether a value refuses the request: `false`, `{ allowed: false }`, `allowed = false`, a response or error of 429 or 403. */
export function refuses(value: ts.Expression, meaning: 'allowed' | 'denied' | undefined): boolean {
  const node = bare(value)
  if (node.kind === ts.SyntaxKind.FalseKeyword) return meaning === 'allowed'
  if (node.kind === ts.SyntaxKind.TrueKeyword) return meaning === 'denied'
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.some((each) => {
      if (!ts.isPropertyAssignment(each)) return false
      return isSaid(each.name.getText(), each.initializer)
    })
  }
  if (isAssignment(node)) return isSaid(lastName(node.left), node.right)
  if (ts.isIdentifier(node)) return isGivenStatus(node, REFUSAL)
  const isCall = ts.isCallExpression(node) || ts.isNewExpression(node)
  if (isCall && node.expression.getText() === 'Promise.resolve')
    return node.arguments?.[0] !== undefined && refuses(node.arguments[0], meaning)
  return isCall && says(node, REFUSAL)
}

/** `allowed: false`, `isRateLimited = true`. */
function isSaid(name: string, { kind }: ts.Expression): boolean {
  return (
    (kind === ts.SyntaxKind.FalseKeyword && ALLOWS.test(name)) ||
    (kind === ts.SyntaxKind.TrueKeyword && DENIES.test(name))
  )
}

/** A response or error that calls the limiter's failure the server's. */
export function fails(value: ts.Expression): boolean {
  const node = bare(value)
  return (ts.isCallExpression(node) || ts.isNewExpression(node)) && says(node, FAILURE)
}

/** `const error = new Error('slow down'); error.status = 429; throw error`. */
function isGivenStatus(error: ts.Identifier, pattern: RegExp): boolean {
  const handler = above(error, ts.isBlock)
  return (
    handler !== undefined &&
    all(handler, isAssignment).some(
      ({ left, right }) =>
        ts.isPropertyAccessExpression(left) &&
        left.expression.getText() === error.text &&
        STATUS.test(left.name.text) &&
        mentions(bare(right), pattern),
    )
  )
}

/** A status among the arguments, or a name in what is called: `res.status(429).json(…)`, `new Response(…, { status: 429 })`. */
function says(node: ts.CallExpression | ts.NewExpression, pattern: RegExp): boolean {
  const callee = bare(node.expression)
  if (ts.isIdentifier(callee) && pattern.test(callee.text)) return true
  if (ts.isPropertyAccessExpression(callee)) {
    if (pattern.test(callee.name.text)) return true
    const before = bare(callee.expression)
    if (ts.isCallExpression(before) && says(before, pattern)) return true
  }
  return (node.arguments ?? []).some((each) => mentions(bare(each), pattern))
}

function mentions(node: ts.Expression, pattern: RegExp): boolean {
  if (ts.isNumericLiteral(node) || ts.isStringLiteralLike(node)) {
    if (pattern === REFUSAL && SAYS_REFUSAL.test(node.text)) return true
    return /^\w+$/.test(node.text) && pattern.test(node.text)
  }
  if (ts.isPropertyAccessExpression(node)) return pattern.test(node.name.text)
  // `next(ApiError.tooManyRequests())`
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return says(node, pattern)
  if (!ts.isObjectLiteralExpression(node)) return false
  return node.properties.some(
    (each) =>
      ts.isPropertyAssignment(each) &&
      STATUS.test(each.name.getText()) &&
      mentions(bare(each.initializer), pattern),
  )
}
