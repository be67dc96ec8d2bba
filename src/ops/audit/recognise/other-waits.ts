import ts from 'typescript'
import { all, bare } from '../syntax.js'
import type { Operation } from './direct-operations.js'
import { isBacked } from './kinds.js'
import type { Products } from './products.js'

/** What is waited for below a node besides the operations: a database, another service, the body of a request. */
export function otherWaitsIn(
  node: ts.Node,
  operations: readonly Operation[],
  products: Products,
): ts.AwaitExpression[] {
  const holdsOperation = (each: ts.Node) =>
    operations.some(({ call }) => call.pos >= each.pos && call.end <= each.end)
  return all(node, ts.isAwaitExpression).filter(
    ({ expression }) => !holdsOperation(expression) && !getsReady(bare(expression), products),
  )
}

/** A module is loaded, a client is fetched or connected: part of the operation. */
function getsReady(node: ts.Expression, products: Products): boolean {
  if (!ts.isCallExpression(node)) return false
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return true
  const isConnect = ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'connect'
  if (isConnect) return products.of(node.expression.expression).some(({ kind }) => isBacked(kind))
  return products.of(node).some(({ kind }) => isBacked(kind))
}
