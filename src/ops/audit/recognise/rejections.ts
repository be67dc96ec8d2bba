import ts from 'typescript'
import { isFunction } from '../syntax.js'

/** What runs when the promise rejects, where one is attached right to it: `.catch(f)`, `.then(…, f)`. */
export function rejectionHandlerOf(promise: ts.Node): ts.Expression | undefined {
  const { parent } = promise
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== promise) return undefined
  const call = parent.parent
  if (!ts.isCallExpression(call) || call.expression !== parent) return undefined
  if (parent.name.text === 'catch') return call.arguments[0]
  return parent.name.text === 'then' ? call.arguments[1] : undefined
}

/** The catch clause that hears when a promise made in a try block rejects: somebody waits for the promise inside. */
export function catchAround(promise: ts.Node): ts.CatchClause | undefined {
  let isAwaited = false
  for (let each = promise; each.parent !== undefined && !isFunction(each.parent); each = each.parent) {
    const { parent } = each
    if (ts.isAwaitExpression(parent)) isAwaited = true
    if (ts.isTryStatement(parent) && parent.tryBlock === each && parent.catchClause)
      return isAwaited ? parent.catchClause : undefined
  }
  return undefined
}
