import ts from 'typescript'
import { outermostFunction } from '../../recognise/containers.js'
import { writes, type ProcessStore, type StoreUse } from '../../recognise/process-stores.js'
import { sharedBecause } from '../../recognise/shared-state.js'
import type { RuleContext } from '../../rule.js'
import { above, functionAt, hasModifier, isAssignment, isWithin, lastName } from '../../syntax.js'

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

/** Whether a use takes something out: one entry by its key, or all that pass a test. */
function removalOf({ node, method }: StoreUse, store: ProcessStore): 'one' | 'all' | undefined {
  if (/^(?:clear|shift|splice|pop)$/.test(method)) return 'all'
  const given = receiver(node)
  // A new collection in the place of the old one, or `list.length = 0`.
  if (isAssignment(given.parent) && given.parent.left === given && !isFirst(given.parent)) return 'all'
  if (method === 'length' && isAssignment(given.parent.parent)) return 'all'
  const isDeleted = method === 'delete' || (method === '[]' && ts.isDeleteExpression(given.parent.parent))
  if (!isDeleted) return undefined
  const loops = loopsAbove(node)
  const isOver = loops.some((loop) => store.uses.some((each) => isWithin(each.node, loop)))
  return isOver || (loops.length > 0 && isGoneOver(node, store)) ? 'all' : 'one'
}

/** `store.forEach((entry, key) => { if (isOld(entry)) keys.push(key) })` in the same function, and then each of these keys. */
function isGoneOver(node: ts.Node, { uses }: ProcessStore): boolean {
  const within = outermostFunction(node)
  return uses.some((use) => {
    const isAll =
      /^(?:forEach|entries|keys|values)$/.test(use.method) || loopHeadOf(use.node) || isSpread(use.node)
    return isAll && isWithin(use.node, within)
  })
}

function loopHeadOf(node: ts.Node): boolean {
  const given = ts.isIdentifier(node) ? receiver(node) : node
  return ts.isForOfStatement(given.parent) && given.parent.expression === given
}

function isSpread(node: ts.Node): boolean {
  return ts.isSpreadElement(node.parent) || ts.isSpreadElement(node.parent.parent)
}

/** Lazily made, or made in the constructor: nothing was there before. */
function isFirst({ operatorToken, left }: ts.BinaryExpression): boolean {
  const guard = above(left, ts.isIfStatement)
  return (
    operatorToken.kind !== ts.SyntaxKind.EqualsToken ||
    above(left, ts.isConstructorDeclaration) !== undefined ||
    (guard !== undefined && guard.expression.getText().includes(left.getText()))
  )
}

/** The heads of the loops around a node: what they go over. */
function loopsAbove(node: ts.Node): ts.Node[] {
  const heads: ts.Node[] = []
  for (let each = node; each.parent !== undefined; each = each.parent) {
    const { parent } = each
    if ((ts.isForOfStatement(parent) || ts.isForInStatement(parent)) && each === parent.statement)
      heads.push(parent.expression)
    const isBody = ts.isCallExpression(parent) && parent.arguments.includes(each as ts.Expression)
    if (isBody && lastName(parent.expression) === 'forEach') heads.push(parent.expression)
  }
  return heads
}

/** In what a timer calls, directly or by name; or in a method that a scheduler calls. */
function isTimed(node: ts.Node, context: RuleContext): boolean {
  for (let each = above(node, ts.isFunctionLike); each; each = above(each, ts.isFunctionLike)) {
    const { parent } = each
    if (ts.isCallExpression(parent) && isTimer(parent)) return true
    const decorators = ts.canHaveDecorators(each) ? (ts.getDecorators(each) ?? []) : []
    if (decorators.some(({ expression }) => /^(?:Cron|Interval|Timeout|Every)/.test(expression.getText())))
      return true
    const isTimedByName = callersOf(each, context).some((use) => {
      const call = above(use, ts.isCallExpression)
      return call !== undefined && isTimer(call)
    })
    if (isTimedByName) return true
  }
  return false
}

/** Below a timer that an exported function would set, and nobody calls that. */
function isNeverStarted(node: ts.Node, { uses }: ProcessStore, context: RuleContext): boolean {
  const isSet = (each: ts.Node): each is ts.CallExpression => ts.isCallExpression(each) && isTimer(each)
  const timer = above(node, isSet)
  const starter = timer && above(timer, ts.isFunctionLike)
  if (!starter || !ts.isFunctionDeclaration(starter)) return false
  // A timer for each entry is set with it.
  if (uses.some((use) => use.within === starter)) return false
  return (
    hasModifier(starter, ts.SyntaxKind.ExportKeyword) &&
    callersOf(starter, context).length === 0 &&
    !context.project.isMentioned(nameOf(starter), starter.getSourceFile())
  )
}

function isTimer(call: ts.CallExpression): boolean {
  return /^(?:setInterval|setTimeout|setImmediate|schedule|scheduleJob|cron)$/.test(lastName(call.expression))
}

/** In a `finally`, after a promise, or in a listener: whoever put it there takes it away. */
function isSettled(node: ts.Node): boolean {
  const attempt = above(node, ts.isTryStatement)
  if (attempt?.finallyBlock && isWithin(node, attempt.finallyBlock)) return true
  const callback = above(node, ts.isFunctionLike)
  const call = callback?.parent
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
  if (/^(?:clear|flush|reset|invalidate|remove|delete)(?:All)?$/.test(name))
    return callersOf(within, context).length > 0
  const isHook = /^(?:on[A-Z]|handle|componentWill|dispose|destroy|close)/.test(name)
  return (
    isHook ||
    callersOf(within, context).length > 0 ||
    context.project.isMentioned(name, within.getSourceFile())
  )
}

function callersOf(maker: ts.SignatureDeclaration, { references }: RuleContext): ts.Identifier[] {
  const named = (maker.name ? maker : maker.parent) as ts.NamedDeclaration
  return references.to(named).filter((use) => !isWithin(use, maker) && !isExport(use))
}

function isExport(use: ts.Node): boolean {
  return ts.isExportSpecifier(use.parent) || ts.isImportSpecifier(use.parent)
}

function nameOf(maker: ts.SignatureDeclaration): string {
  const { name } = maker.name ? maker : (maker.parent as Partial<ts.NamedDeclaration>)
  return name?.getText() ?? ''
}

function receiver(node: ts.Identifier): ts.Node {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node ? node.parent : node
}
