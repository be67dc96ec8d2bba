import ts from 'typescript'
import { all, bare, functionAt, inPlaceOf, isAssignment, isNull, isWithin, lastName, own } from '../syntax.js'
import { outermostFunction } from './containers.js'
import type { Operation } from './direct-operations.js'
import { drainsIn } from './drained.js'
import { refusesHit } from './refusing-hits.js'

const READS = /^(?:get|getex|hget|hgetall|json\.get)$/i
// A list of what is allowed: whatever is not on it is refused.
const ASKS_FOR = /^(?:h?exists|sismember)$/i
// What is gone once it was read: a code, a state, a ticket.
const ONCE = /^getdel$/i
const SCRIPTED = /^eval(?:sha)?(?:_?ro)?$/i
const WRITES = /^(?:set|setex|psetex|setnx)$/i
const LIMITS = /limit|throttl|attempt|count|cool.?down/i
const GENERATES =
  /^(?:random(?:Bytes|UUID|Int|String|Token)|nanoid|customAlphabet|uuid|uuidv4|v4|(?:generate|create|make)(?:Otp|OTP|Code|Token|Nonce|State|Pin|Ticket)\w*)$/

/**
 * What is kept in Redis and nowhere else: a miss is an error to whoever reads it. A copy of something is fetched from
 * where it comes from. By the parts of a file's keys that name what they are about.
 */
export function homelessIn(operations: readonly Operation[], file: ts.SourceFile): ReadonlySet<string> {
  const homeless = operations.filter(
    ({ kind, method, call }) =>
      kind !== 'limiter' &&
      call.arguments.length > 0 &&
      (ONCE.test(method) ||
        ((READS.test(method) || ASKS_FOR.test(method)) && (failsOnMiss(call) || refusesHit(call))) ||
        (WRITES.test(method) && (isGenerated(call) || isClaim(method, call) || mustSucceed(method, call)))),
  )
  const calls = homeless.map(({ call }) => call)
  return new Set([...calls, ...(operations.length > 0 ? drainsIn(file) : [])].flatMap(topicsOf))
}

/** `const token = randomBytes(16).toString('hex'); await redis.setex(key, 60, token)`: nobody else has it. */
function isGenerated({ arguments: [, ...given] }: ts.CallExpression): boolean {
  return given.some((each) => {
    const value = bare(each)
    if (!ts.isIdentifier(value)) return GENERATES.test(nameOfMaker(value))
    const scope = outermostFunction(value) ?? value.getSourceFile()
    return all(scope, ts.isVariableDeclaration).some(
      ({ name, initializer }) =>
        name.getText() === value.text &&
        initializer !== undefined &&
        GENERATES.test(nameOfMaker(bare(initializer))),
    )
  })
}

/** `const written = await redis.set(key, digest); if (!written) throw …`: whoever could do without would go on. */
function mustSucceed(method: string, call: ts.CallExpression): boolean {
  const isConditional = /nx$/i.test(method) || call.arguments.some((each) => /\bNX\b/i.test(each.getText()))
  return !isConditional && failsOnMiss(call)
}

/** `set(key, me, 'EX', 30, 'NX')`: whose name is there holds it, and nobody may hold it twice. */
function isClaim(method: string, { arguments: given }: ts.CallExpression): boolean {
  const [, value, ...options] = given
  return (
    value !== undefined &&
    isHolder(bare(value)) &&
    (/nx$/i.test(method) || options.some((each) => /['"]?\bNX\b/i.test(each.getText())))
  )
}

/** Who it is that claims, and not what this function has made to be kept. */
function isHolder(value: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(value)) return true
  const scope = ts.isIdentifier(value) ? outermostFunction(value) : undefined
  return scope?.parameters.some(({ name }) => name.getText() === value.getText()) ?? false
}

/** `randomBytes` of `crypto.randomBytes(16).toString('hex')`. */
function nameOfMaker(value: ts.Expression): string {
  if (!ts.isCallExpression(value)) return ''
  const callee = bare(value.expression)
  const before = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined
  return before && ts.isCallExpression(before) ? nameOfMaker(before) : lastName(callee)
}

/**
 * What a key is about: the function that builds it, the constant that it is, or the text that it begins with. Of what
 * sends a pipeline, what its commands are about.
 */
export function topicsOf(call: ts.CallExpression): string[] {
  const { expression, arguments: given } = call
  if (given.length === 0) return topicsOfSent(call)
  const keys = SCRIPTED.test(lastName(expression)) ? keysOfScript(given) : given.slice(0, 1)
  return keys.flatMap(topicsIn)
}

/** `redis.multi().lrange(key, 0, -1).del(key).exec()`. */
function topicsOfSent({ expression }: ts.CallExpression): string[] {
  if (!ts.isPropertyAccessExpression(expression) || !expression.name.text.startsWith('exec')) return []
  const topics: string[] = []
  let each: ts.Expression = bare(expression.expression)
  while (ts.isCallExpression(each) && ts.isPropertyAccessExpression(each.expression)) {
    if (each.arguments.length > 0) topics.push(...topicsOf(each))
    each = bare(each.expression.expression)
  }
  return topics
}

/** `eval(script, [key], values)`, `eval(script, 1, key, value)`. */
function keysOfScript([, keys, ...rest]: readonly ts.Expression[]): readonly ts.Expression[] {
  if (keys === undefined) return []
  const listed = bare(keys)
  return ts.isArrayLiteralExpression(listed) ? listed.elements : rest.slice(0, 1)
}

function topicsIn(node: ts.Expression): string[] {
  const key = bare(node)
  if (ts.isCallExpression(key)) return [`${lastName(key.expression)}()`]
  if (ts.isTemplateExpression(key)) {
    const [first] = key.templateSpans
    // `code:${to}:limit` is about how often, and not about the code.
    const limit = key.templateSpans.find(({ literal }) => LIMITS.test(literal.text))?.literal.text ?? ''
    if (key.head.text !== '') return [`${key.head.text}${limit}`]
    return first && /^[A-Z][A-Z\d_]+$/.test(first.expression.getText()) ? [first.expression.getText()] : []
  }
  if (ts.isStringLiteralLike(key)) return [key.text]
  // `'plan:' + id`
  if (ts.isBinaryExpression(key)) return topicsIn(key.left)
  if (!ts.isIdentifier(key)) return []
  if (/^[A-Z][A-Z\d_]+$/.test(key.text)) return [key.text]
  const scope = outermostFunction(key) ?? key.getSourceFile()
  const made = all(scope, ts.isVariableDeclaration).find(
    ({ name, initializer }) => name.getText() === key.text && initializer !== undefined,
  )?.initializer
  return made && !ts.isIdentifier(bare(made)) ? topicsIn(made) : []
}

/** `const plan = await redis.get(key); if (!plan) throw …`, with nothing asked in between. */
export function failsOnMiss(call: ts.CallExpression): boolean {
  const refused = refusalAround(call)
  if (refused) return fails(refused)
  const name = nameOfResult(call)
  const scope = functionAround(call)
  if (name === undefined || scope === undefined) return false
  const asking = own(scope, ts.isIfStatement).find(
    (each) => each.pos >= call.end && saysMissing(each.expression, name),
  )
  return asking !== undefined && !isWithin(call, asking) && fails(asking.thenStatement)
}

/** `if (!(await redis.exists(key))) throw …`. */
function refusalAround(call: ts.Node): ts.Statement | undefined {
  const { parent } = inPlaceOf(call)
  if (!ts.isPrefixUnaryExpression(parent) || parent.operator !== ts.SyntaxKind.ExclamationToken)
    return undefined
  const asking = parent.parent
  return ts.isIfStatement(asking) && asking.expression === parent ? asking.thenStatement : undefined
}

function nameOfResult(call: ts.Node): string | undefined {
  const each = inPlaceOf(call)
  const { parent } = each
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name.text
  return isAssignment(parent) && parent.right === each && ts.isIdentifier(parent.left)
    ? parent.left.text
    : undefined
}

function functionAround(node: ts.Node): ts.Node | undefined {
  for (let each = node.parent; each !== undefined; each = each.parent) {
    const found = ts.isFunctionLike(each) ? functionAt(each) : undefined
    if (found) return found.body
  }
  return undefined
}

/** `!plan`, `plan === null`, `known === 0`, `approved !== 'yes'`, `token !== known`. */
function saysMissing(condition: ts.Expression, name: string): boolean {
  const asked = bare(condition)
  if (ts.isPrefixUnaryExpression(asked))
    return asked.operator === ts.SyntaxKind.ExclamationToken && asked.operand.getText() === name
  if (!ts.isBinaryExpression(asked)) return false
  const { left, right, operatorToken } = asked
  if (operatorToken.kind === ts.SyntaxKind.BarBarToken) return saysMissing(left, name)
  if (left.getText() !== name) return isOther(operatorToken, left) && right.getText() === name
  const isEqual = /^={2,3}$/.test(operatorToken.getText())
  if (isEqual) return isNull(right) || right.getText() === '0'
  return isOther(operatorToken, right)
}

/** `token !== known`: it is held against what somebody has shown. */
function isOther(operator: ts.Node, shown: ts.Expression): boolean {
  return /^!==?$/.test(operator.getText()) && !isNull(shown) && shown.getText() !== '0'
}

const ASKS_ELSEWHERE = /^(?:set|setex|del|expire|hset)$/i

/** It ends with an error, and asks nobody else before. */
function fails(branch: ts.Statement): boolean {
  const last = ts.isBlock(branch) ? branch.statements.at(-1) : branch
  if (last === undefined) return false
  const isAlone = own(branch, ts.isAwaitExpression).every(
    ({ expression }) =>
      ts.isCallExpression(expression) && ASKS_ELSEWHERE.test(lastName(expression.expression)),
  )
  if (!isAlone) return false
  return ts.isThrowStatement(last) || (ts.isReturnStatement(last) && isError(last.expression))
}

/** `{ error: 'not_found' }`, `res.status(404).json(…)`, `Response.json(…, { status: 410 })`. */
function isError(answer: ts.Expression | undefined): boolean {
  if (answer === undefined) return false
  const value = bare(answer)
  if (ts.isObjectLiteralExpression(value))
    return value.properties.some(({ name }) => name !== undefined && /^errors?$/.test(name.getText()))
  return ts.isCallExpression(value) && /\bstatus(?:Code)?\b\W{1,3}4\d\d\b/.test(value.getText())
}
