import ts from 'typescript'
import { bare, lastName } from '../syntax.js'
import { methodOf } from './receivers.js'

/** The method that a name stands for: `const { get } = redis`, `redis.get.bind(redis)`, `promisify(redis.get)`. */
export function boundMethod(
  declaration: ts.Declaration,
): { receiver: ts.Expression; method: string } | undefined {
  if (ts.isBindingElement(declaration)) {
    const { parent } = declaration.parent
    if (!ts.isVariableDeclaration(parent) || !parent.initializer) return undefined
    const method = (declaration.propertyName ?? declaration.name).getText()
    return { receiver: parent.initializer, method }
  }
  if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined
  const method = promised(unbound(promised(bare(declaration.initializer))))
  if (method === bare(declaration.initializer)) return undefined
  return ts.isPropertyAccessExpression(method)
    ? { receiver: method.expression, method: method.name.text }
    : undefined
}

/** `redis.get` of `redis.get.bind(redis)`. */
function unbound(node: ts.Expression): ts.Expression {
  const target = ts.isCallExpression(node) ? methodOf(node) : undefined
  return target?.method === 'bind' ? bare(target.receiver) : node
}

/** `redis.get` of `promisify(redis.get)`. */
function promised(node: ts.Expression): ts.Expression {
  const given =
    ts.isCallExpression(node) && lastName(node.expression) === 'promisify' ? node.arguments[0] : undefined
  return given ? unbound(bare(given)) : node
}
