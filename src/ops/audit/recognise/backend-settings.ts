import ts from 'typescript'
import { above, all, bare, isFunction, isMaking, lastName } from '../syntax.js'
import type { Products } from './products.js'

/** `REDIS_URL`, `redisUrl`, `KV_REST_API_URL`. */
export const NAMES_SERVER = /redis|valkey|upstash|(?:^|_)KV(?:_|$)/i
// `REDIS_TLS === 'true'`, `REDIS_ENABLED`, `REDIS_DB`: how it is used, and whether it shall be, not whether one is named.
const NO_ADDRESS =
  /tls|ssl|version|prefix|type|mode|namespace|enable|disable|debug|log|ttl|timeout|retr|cluster|sentinel|(?:^|_|\.)(?:use|db|database)(?:_|$)|^use[A-Z]/i
const SETTINGS =
  /^(?:env|environment|config|configuration|conf|cfg|settings|options|opts|vars|bindings|secrets)$/i
const READS = /^(?:get|getOrThrow|optional|getString|require|str|string)$/
// `getRedisUrl()`, `resolveUpstashRest()`, `readRedisConfig()`: what opens nothing, and says where it would.
const ADDRESS_OF =
  /(?:ur[li]|hosts?|dsn|address|endpoint|config(?:uration)?|options|settings|env|rest|credentials|connection_?string)$/i
const ADDRESS = /^(?:\w*(?:ur[li]|dsn|endpoint|connection_?string)|host(?:name)?|address|token|rest)$/i

const CLEANS = /^(?:trim|trimEnd|trimStart|toString|toLowerCase)$/

const JOINS = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
])

const MAX_DEPTH = 3

/** Whether a name stands for where Redis is: what it was given is read from a setting that names it, or from who knows it. */
export function isBackendSetting(node: ts.Expression, products: Products, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false
  const value = bare(node)
  if (ts.isPropertyAccessExpression(value) || ts.isElementAccessExpression(value)) {
    const name = lastName(value)
    if (NAMES_SERVER.test(name) && !NO_ADDRESS.test(name) && SETTINGS.test(lastName(bare(value.expression))))
      return true
    // `config?.url`, where `config` was read for Redis.
    return ADDRESS.test(name) && isBackendSetting(value.expression, products, depth + 1)
  }
  if (ts.isCallExpression(value)) {
    const cleaned = cleanedBy(value)
    return ofCall(value) || (cleaned !== undefined && isBackendSetting(cleaned, products, depth + 1))
  }
  if (ts.isPrefixUnaryExpression(value)) return isBackendSetting(value.operand, products, depth)
  if (ts.isConditionalExpression(value))
    return [value.condition, value.whenTrue].some((each) => isBackendSetting(each, products, depth))
  if (ts.isBinaryExpression(value))
    return JOINS.has(value.operatorToken.kind)
      ? [value.left, value.right].some((each) => isBackendSetting(each, products, depth))
      : false
  if (!ts.isIdentifier(value)) return false
  const values = products.valuesOf(value)
  return values.length === 1 && isBackendSetting(values[0]!, products, depth + 1)
}

/** `if (!url) return none; return connect(url)`: an address, as a client is made of it beside the question. */
export function isHandedToClient(node: ts.Expression, products: Products): boolean {
  const within = above(node, ts.isFunctionLike)
  if (!within || !ADDRESS.test(lastName(node))) return false
  const text = node.getText().replaceAll('?.', '.')
  return all(within, isMaking).some(
    (call) =>
      (call.arguments ?? []).some((each) => names(each, text)) &&
      products.of(call).some(({ kind }) => kind === 'client'),
  )
}

function names(argument: ts.Expression, text: string): boolean {
  if (isFunction(argument)) return false
  const isIt = (each: ts.Node) => each.getText().replaceAll('?.', '.') === text
  return all(argument, ts.isIdentifier).some((each) =>
    isIt(ts.isPropertyAccessExpression(each.parent) && each.parent.name === each ? each.parent : each),
  )
}

/** `url` of `url?.trim()`. */
function cleanedBy({ expression, arguments: given }: ts.CallExpression): ts.Expression | undefined {
  const callee = bare(expression)
  const isCleaning =
    given.length === 0 && ts.isPropertyAccessExpression(callee) && CLEANS.test(callee.name.text)
  return isCleaning ? callee.expression : undefined
}

function ofCall(node: ts.CallExpression): boolean {
  const name = lastName(node.expression)
  if (NAMES_SERVER.test(name) && ADDRESS_OF.test(name)) return true
  const callee = bare(node.expression)
  const receiver = ts.isPropertyAccessExpression(callee) ? lastName(bare(callee.expression)) : ''
  if (READS.test(name) && receiver !== '') {
    // `configService.get('REDIS_URL')`, `mapRedisConfig.get(usage)`.
    const [key] = node.arguments
    const isKey = key !== undefined && ts.isStringLiteralLike(key)
    if (isKey && /(?:config\w*|env|settings)$/i.test(receiver))
      return NAMES_SERVER.test(key.text) && !NO_ADDRESS.test(key.text)
    return NAMES_SERVER.test(receiver) && ADDRESS_OF.test(receiver)
  }
  // `trimmed(process.env.REDIS_HOST)`, `process.env.REDIS_HOST?.trim()`.
  const given = ts.isPropertyAccessExpression(callee)
    ? [callee.expression, ...node.arguments]
    : [...node.arguments]
  return given.some((each) => isFromEnvironment(each))
}

function isFromEnvironment(node: ts.Expression): boolean {
  const value = bare(node)
  if (isFunction(value)) return false
  return all(value, ts.isPropertyAccessExpression).some(
    ({ name, expression }) =>
      NAMES_SERVER.test(name.text) &&
      !NO_ADDRESS.test(name.text) &&
      /(?:^|\.)env$/.test(expression.getText()),
  )
}
