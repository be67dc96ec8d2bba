import ts from 'typescript'
import type { ClientSettings } from '../../recognise/client-settings.js'
import type { Construction } from '../../recognise/clients.js'
import type { Violation } from '../../rule.js'
import { all, bare, own } from '../../syntax.js'

const REMEDY =
  'Set `disableOfflineQueue: true` and `socket: { connectTimeout, socketTimeout }`, and put a deadline around each call.'

/** Commands on this connection queue without end, or wait without end once sent; undefined when something bounds them. */
export function unboundedNodeRedis(
  { node }: Construction,
  { values, isOpen }: ClientSettings,
): Violation | undefined {
  if (isOpen || ['socketTimeout', 'commandOptions'].some((name) => values.has(name))) return undefined
  const queue = values.get('disableOfflineQueue')
  if (queue?.kind === ts.SyntaxKind.TrueKeyword) {
    const isHere = queue.getSourceFile() === node.getSourceFile()
    return {
      node: isHere ? queue.parent : node,
      message:
        'Worst-case time to fallback: never while Redis accepts and does not answer, because socketTimeout is not set; when it refuses, commands fail at once.',
      remedy: REMEDY,
      ...(isHere && { related: [{ node, what: 'the connection' }] }),
    }
  }
  if (values.has('commandsQueueMaxLength')) return undefined
  const strategy = values.get('reconnectStrategy')
  if (strategy && mayGiveUp(strategy)) return undefined
  return {
    node,
    message:
      'Worst-case time to fallback: never. Commands wait in the offline queue until Redis is back, and so does every request that reads the cache.',
    remedy: REMEDY,
  }
}

/** A strategy that always answers with a number never ends the attempts, nor the queue; one that is not read may. */
function mayGiveUp(strategy: ts.Expression): boolean {
  const maker =
    ts.isArrowFunction(strategy) || ts.isFunctionExpression(strategy) ? strategy : functionAround(strategy)
  if (!maker?.body) return true
  const { body } = maker
  const answers = ts.isBlock(body)
    ? own(body, ts.isReturnStatement).map(({ expression }) => expression)
    : [body]
  return answers.length === 0 || answers.some((each) => !each || !isNumber(each, body))
}

function isNumber(answer: ts.Expression, within: ts.Node): boolean {
  const value = bare(answer)
  if (ts.isNumericLiteral(value)) return true
  if (ts.isBinaryExpression(value)) return /^[-+*/%]$|^\*\*$/.test(value.operatorToken.getText())
  if (ts.isConditionalExpression(value))
    return isNumber(value.whenTrue, within) && isNumber(value.whenFalse, within)
  if (ts.isCallExpression(value)) return value.expression.getText().startsWith('Math.')
  const local = all(within, ts.isVariableDeclaration).find(({ name }) => name.getText() === value.getText())
  return ts.isIdentifier(value) && local?.initializer !== undefined && isNumber(local.initializer, within)
}

/** `reconnectStrategy(retries) { … }`. */
function functionAround({ parent }: ts.Expression): ts.MethodDeclaration | undefined {
  return ts.isMethodDeclaration(parent) ? parent : undefined
}
