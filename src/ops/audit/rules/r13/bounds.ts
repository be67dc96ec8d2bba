import ts from 'typescript'
import type { ProcessStore } from '../../recognise/process-stores.js'
import { sharedBecause } from '../../recognise/shared-state.js'
import { writes, type StoreUse } from '../../recognise/store-uses.js'
import type { RuleContext } from '../../rule.js'
import { above, functionAt, isAssignment, isWithin, lastName } from '../../syntax.js'
import { receiver, removalOf } from './removals.js'
import { callersOf, isNeverStarted, isTimed, nameOf } from './timers.js'

/** What keeps a collection from growing without end, in a few words; undefined when nothing does. */
export function boundOf(store: ProcessStore, context: RuleContext): string | undefined {
  if (store.uses.some((use) => isMeasured(use))) return 'its size is compared with a bound'
  if (store.uses.some((use) => isTrimmedByCallee(use, context)))
    return 'a function that it is given to trims it'
  // Failed logins and tokens are entered by whoever calls, and removed only for those who come back.
  const shared = sharedBecause(store, context)
  const isLeftBehind = shared !== undefined && shared !== 'has no other home'
  const isAged = keepsExpiry(store)
  for (const use of store.uses) {
    const removal = removalOf(use, store)
    if (removal === undefined) continue
    if (isNeverStarted(use.node, store, context)) continue
    if (isTimed(use.node, context)) return 'entries are removed on a timer'
    if (removal === 'one' && isSettled(use.node)) return 'entries are removed when the work is done'
    // Whoever enters one sweeps first.
    const isByWriter = store.uses.some((each) => writes(each) && each.within === use.within)
    if (removal === 'all' && !isOfSome(use) && (isByWriter || isReached(use, context)))
      return 'entries are swept'
    const isCompletion =
      removal === 'one' && !isLeftBehind && !isAged && !isExpiry(use) && !isInvalidation(use)
    if (isCompletion && isReached(use, context)) return 'entries are removed when they are done with'
  }
  return undefined
}

/** `store.size > 1000`, `Object.keys(store).length`, also through a local. */
function isMeasured({ node, method }: StoreUse): boolean {
  const isCount = method === 'size' || method === 'length' || /\.keys\(/.test(node.parent.parent.getText())
  if (!isCount) return false
  let each: ts.Node = node
  while (ts.isExpression(each.parent) && !isOrdering(each.parent)) each = each.parent
  return isOrdering(each.parent)
}

function isOrdering(node: ts.Node): boolean {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= ts.SyntaxKind.LessThanToken &&
    node.operatorToken.kind <= ts.SyntaxKind.GreaterThanEqualsToken
  )
}

const TRIMS = /evict|prune|trim|sweep|clean|purge|expire|bound|shrink|enforce/i

function isTrimmedByCallee(use: StoreUse, { project }: RuleContext): boolean {
  const given = receiver(use.node)
  const call = given.parent
  if (!ts.isCallExpression(call) || !call.arguments.includes(given as ts.Expression)) return false
  if (TRIMS.test(lastName(call.expression))) return true
  const callee = ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call.expression
  const declaration = project.declarationOf(callee)
  const body = declaration && functionAt(declaration)?.body
  return body !== undefined && /\.(?:delete|clear|shift|splice)\(/.test(body.getText())
}

const RELEASES = /^(?:release|unlock|unsubscribe|dispose|done|leave|end|close|stop|free)\w*$/

/** In a `finally`, after a promise, or in a listener: whoever put it there takes it away. */
function isSettled(node: ts.Node): boolean {
  const attempt = above(node, ts.isTryStatement)
  if (attempt?.finallyBlock && isWithin(node, attempt.finallyBlock)) return true
  const callback = above(node, ts.isFunctionLike)
  const call = callback?.parent
  // `return { release: () => slots.delete(id) }`: given to whoever has it put there.
  const given = callback && ts.isMethodDeclaration(callback) ? callback : call
  const isGivenBack =
    given !== undefined &&
    (ts.isMethodDeclaration(given) || ts.isPropertyAssignment(given)) &&
    ts.isObjectLiteralExpression(given.parent) &&
    RELEASES.test(given.name.getText())
  if (isGivenBack) return true
  // `transport.onclose = () => sessions.delete(id)`
  if (call && isAssignment(call) && /^on[a-z]/.test(lastName(call.left))) return true
  return (
    call !== undefined &&
    ts.isCallExpression(call) &&
    /^(?:finally|then|catch|on|once|addListener|addEventListener|subscribe|onAbort|onClose)$/.test(
      lastName(call.expression),
    )
  )
}

/** A cache whose entries say until when they hold: what takes one out before makes it come again. */
function keepsExpiry({ name, uses }: ProcessStore): boolean {
  return (
    /cache/i.test(name) &&
    uses.some(({ method, args }) => method === 'set' && /expir|\bttl/i.test(args[1]?.getText() ?? ''))
  )
}

const CLOCK = /\bnow\b|Date\.now|new Date|expir|\bttl\b|timestamp|\bage\b|stale|until/i

/** Found to be too old when somebody asked for it: those that nobody asks for stay. */
function isExpiry({ node, within }: StoreUse): boolean {
  for (let each = above(node, ts.isIfStatement); each; each = above(each, ts.isIfStatement)) {
    if (!isWithin(each, within)) return false
    if (CLOCK.test(each.expression.getText())) return true
  }
  return false
}

/** `invalidate(scope)` goes over all, and takes out those of one: the others stay. */
function isOfSome(use: StoreUse): boolean {
  const test = above(use.node, ts.isIfStatement)
  const isPart =
    test !== undefined && /\.(?:startsWith|includes|endsWith|match|test)\(/.test(test.expression.getText())
  return isPart && isInvalidation(use) && !CLOCK.test(test.expression.getText())
}

/** Makes an entry come again from its source: it does not follow that the user is gone. */
function isInvalidation({ within }: StoreUse): boolean {
  return within !== undefined && /invalidat|refresh|bust|update|reset|clear/i.test(nameOf(within))
}

/** Somebody calls the function that removes. One that is exported for tests, or that nobody calls, bounds nothing. */
function isReached({ within }: StoreUse, context: RuleContext): boolean {
  if (!within) return true
  const name = nameOf(within)
  if (/tests?$|^(?:__|_)?(?:reset|test)/i.test(name)) return false
  // A callback or an accessor: whoever it was given to calls it.
  if (name === '' || ts.isConstructorDeclaration(within)) return true
  // What empties a whole cache is there for its callers, of whom there may be none.
  if (
    /^(?:clear|flush|reset|invalidate|remove|delete|del|clean_?up|prune|purge|sweep|evict)(?:All|Expired|\w*Cache)?$/i.test(
      name,
    )
  )
    return callersOf(within, context).length > 0
  const isHook = /^(?:on[A-Z]|handle|componentWill|dispose|destroy|close)/.test(name)
  return (
    isHook ||
    callersOf(within, context).length > 0 ||
    context.project.isMentioned(name, within.getSourceFile())
  )
}
