import ts from 'typescript'
import type { Project } from '../../project/project.js'
import { isFunction, lastName, own } from '../../syntax.js'
import { isSafeHere } from './guards.js'
import { catchOnHeld, rejectionHandlerOf } from './rejections.js'

/** Whether a failure of `from` comes out of `edge`: nothing in between handles it, and it runs when `edge` does. */
export function failureReaches(from: ts.Node, edge: ts.Node, project: Project): boolean {
  if (catchOnHeld(from)) return false
  for (let each = from; each !== edge; each = each.parent) {
    if (each.parent === undefined) return false
    // `void redis.set(key, value)`: nobody around it is told.
    if (ts.isVoidExpression(each.parent)) return false
    if (isCaughtAt(each, project) || (ts.isFunctionLike(each) && !runsWhereItStands(each))) return false
  }
  // The promise of a rejection handler: `from` is the promise itself, or a part of it.
  return true
}

/** Whether what stands here is handled by its parent, which lets nothing through. */
function isCaughtAt(node: ts.Node, project: Project): boolean {
  const { parent } = node
  if (ts.isTryStatement(parent))
    return parent.tryBlock === node && parent.catchClause !== undefined && !rethrows(parent.catchClause.block)
  // What it settles is in its results, and rejects nothing.
  if (ts.isCallExpression(parent) && parent.expression.getText() === 'Promise.allSettled')
    return parent.expression !== node
  // `guarded(() => redis.get(key))`
  if (ts.isCallExpression(parent) && parent.expression !== node && isSafeHere(parent, project)) return true
  const callback = rejectionHandlerOf(node)
  return callback !== undefined && !(isFunction(callback) && rethrows(callback.body))
}

/** Whether a handler throws in turn, in some case at least. */
export function rethrows(body: ts.Node): boolean {
  return own(body, isThrowing).length > 0
}

function isThrowing(node: ts.Node): node is ts.Node {
  if (ts.isThrowStatement(node)) return true
  return ts.isCallExpression(node) && /^(?:Promise\.)?reject$/.test(node.expression.getText())
}

const LATER =
  /^(?:setTimeout|setInterval|setImmediate|queueMicrotask|nextTick|on|once|addListener|addEventListener|subscribe|after|waitUntil)$/

/** Whether a function runs as part of the expression that it stands in: at once, or as a callback that is waited for. */
function runsWhereItStands(node: ts.Node): boolean {
  let each: ts.Node = node
  while (
    ts.isParenthesizedExpression(each.parent) ||
    ts.isPropertyAssignment(each.parent) ||
    ts.isObjectLiteralExpression(each.parent)
  )
    each = each.parent
  const { parent } = each
  if (ts.isNewExpression(parent)) return true
  return (
    ts.isCallExpression(parent) && (parent.expression === each || !LATER.test(lastName(parent.expression)))
  )
}
