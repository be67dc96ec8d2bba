import ts from 'typescript'
import { above, all, isFunction } from '../../syntax.js'

/** What a call attaches to a promise for the case that it rejects. */
export interface Attached {
  promise: ts.Expression
  callback: ts.Expression
}

/** `promise.catch(f)`, `promise.then(…, f)`; undefined for every other call. */
export function attachedBy({ expression: callee, arguments: args }: ts.CallExpression): Attached | undefined {
  if (!ts.isPropertyAccessExpression(callee)) return undefined
  const { text } = callee.name
  const callback = text === 'catch' ? args[0] : text === 'then' ? args[1] : undefined
  return callback && { promise: callee.expression, callback }
}

/** What runs when the promise rejects, where one is attached right to it. */
export function rejectionHandlerOf(promise: ts.Node): ts.Expression | undefined {
  const call = methodCallOn(promise)
  return call && attachedBy(call)?.callback
}

/** The call that attaches one to the promise of a call, also behind `.then` and `.finally`. */
export function catchOn(call: ts.Node): ts.CallExpression | undefined {
  let each: ts.Node = call
  for (;;) {
    while (ts.isParenthesizedExpression(each.parent)) each = each.parent
    const chained = methodCallOn(each)
    if (!chained) return undefined
    const { text } = (chained.expression as ts.PropertyAccessExpression).name
    // A bare `.catch()` attaches nothing, and still says that somebody has thought of it.
    if (text === 'catch' || attachedBy(chained)) return chained
    if (!/^(?:then|finally)$/.test(text)) return undefined
    each = chained
  }
}

/** `const asked = redis.get(key)` whose rejection is handled by its name: `await asked.then(…, …)`, `asked.catch(…)`. */
export function catchOnHeld(promise: ts.Node): ts.CallExpression | undefined {
  let each = promise
  while (ts.isParenthesizedExpression(each.parent) || ts.isConditionalExpression(each.parent))
    each = each.parent
  const { parent } = each
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return undefined
  const { name } = parent
  const scope = above(parent, ts.isBlock)
  if (!scope) return undefined
  for (const use of all(scope, ts.isIdentifier)) {
    const caught = use !== name && use.text === name.text ? catchOn(use) : undefined
    if (caught) return caught
  }
  return undefined
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

function methodCallOn(promise: ts.Node): ts.CallExpression | undefined {
  const { parent } = promise
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== promise) return undefined
  return ts.isCallExpression(parent.parent) && parent.parent.expression === parent ? parent.parent : undefined
}
