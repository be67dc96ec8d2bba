import ts from 'typescript'
import { all, bare, lastName } from '../syntax.js'
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
    ({ expression }) =>
      !holdsOperation(expression) &&
      !getsReady(bare(expression), products) &&
      !isOfCollected(bare(expression), node, holdsOperation),
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

// `feed.invalidateCache()` is about the cache, whatever it does.
const OF_CACHE = /^(?:invalidate|clear|purge|evict|flush)\w*cache|cache\w*(?:invalidat|clear|purge|evict)/i

/** `await Promise.all(deletions)`, where all that was pushed into the list are operations. */
function isOfCollected(
  node: ts.Expression,
  within: ts.Node,
  holdsOperation: (each: ts.Node) => boolean,
): boolean {
  if (!ts.isCallExpression(node) || !/^Promise\.all(?:Settled)?$/.test(node.expression.getText()))
    return false
  const [list] = node.arguments
  if (!list || !ts.isIdentifier(list)) return false
  const pushed = all(within, ts.isCallExpression).filter(
    ({ expression }) => expression.getText() === `${list.text}.push`,
  )
  return (
    pushed.some(holdsOperation) &&
    pushed.every((each) => holdsOperation(each) || each.arguments.every(isAboutCache))
  )
}

function isAboutCache(node: ts.Expression): boolean {
  const value = bare(node)
  return ts.isCallExpression(value) && OF_CACHE.test(lastName(value.expression))
}
