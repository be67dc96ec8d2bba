import ts from 'typescript'
import { calleeOf } from '../../recognise/callees.js'
import { isExported } from '../../recognise/containers.js'
import { fateOf, type Fate } from '../../recognise/fates.js'
import { isHandler } from '../../recognise/handlers.js'
import { isOperatorCode } from '../../recognise/operator-code.js'
import type { Project } from '../../project/project.js'
import { catchAround } from '../../recognise/rejections.js'
import type { RuleContext } from '../../rule.js'
import { all, isFunction, isPrivate, lastName, type FunctionNode } from '../../syntax.js'

/** What becomes of a rejection: `escapes` reaches a caller of this code; `out of sight` is another's to handle. */
export type Handling = 'handled' | 'rethrown' | 'escapes' | 'out of sight'

const SAFE =
  /safe|swallow|ignore|catch|attempt|tolerat|settle|fallback|failopen|guard|retry|breaker|^try|^wrap|effect|result/i
// Functions that call functions are read through; a failure is seldom handled further away than this.
const MAX_DEPTH = 4
const COLLECTS = /^(?:map|flatMap|forEach|filter|reduce|some|every|find|all|race|any)$/
const LATER =
  /^(?:setTimeout|setInterval|setImmediate|queueMicrotask|nextTick|on|once|addListener|addEventListener)$/

/** The `.catch(…)` on the promise of a call, also behind `.then` and `.finally`. */
export function catchOn(call: ts.Node): ts.CallExpression | undefined {
  let each: ts.Node = call
  for (;;) {
    while (ts.isParenthesizedExpression(each.parent)) each = each.parent
    const access = each.parent
    if (!ts.isPropertyAccessExpression(access) || access.expression !== each) return undefined
    if (!ts.isCallExpression(access.parent) || access.parent.expression !== access) return undefined
    const chained = access.parent
    if (access.name.text === 'catch') return chained
    if (access.name.text === 'then' && chained.arguments.length > 1) return chained
    if (!/^(?:then|finally)$/.test(access.name.text)) return undefined
    each = chained
  }
}

/** Follows a rejection outwards from the call that may reject. */
export function handlingOf(node: ts.Node, context: RuleContext, depth = 0): Handling {
  let rethrown = false
  let fate = fateOf(node, context.project)
  for (let each = node; each.parent !== undefined; each = each.parent) {
    const { parent } = each
    if (ts.isExpression(each) && catchOn(each)) return 'handled'
    // What nobody waits for is not seen by the try around it, nor by any caller.
    if (ts.isStatement(each) && fate === 'dropped') return 'escapes'
    const isSeen = fate === 'awaited' || fate === 'kept'
    if (isSeen && ts.isTryStatement(parent) && parent.tryBlock === each && parent.catchClause) {
      if (!rethrows(parent.catchClause)) return 'handled'
      rethrown = true
    }
    if (ts.isCallExpression(parent) && parent.expression !== each && isSafe(parent, context)) return 'handled'
    if (!isFunction(each)) continue
    const outwards = ofFunction(each, context, depth)
    if (outwards !== 'inline') return rethrown && outwards === 'escapes' ? 'rethrown' : outwards
    fate = fateOfRun(each, context)
  }
  // At the top level the process does not start, and says so.
  return 'out of sight'
}

/** Of the call that a function is given to, or that runs it at once. */
function fateOfRun(node: FunctionNode, { project }: RuleContext): Fate {
  let each: ts.Node = node
  while (ts.isParenthesizedExpression(each.parent)) each = each.parent
  if (!ts.isCallExpression(each.parent)) return 'kept'
  // What is returned to it goes nowhere.
  return lastName(each.parent.expression) === 'forEach' ? 'dropped' : fateOf(each.parent, project)
}

function rethrows({ block }: ts.CatchClause): boolean {
  const last = block.statements.at(-1)
  return last !== undefined && ts.isThrowStatement(last)
}

function isSafe(call: ts.CallExpression, { project }: RuleContext): boolean {
  const name = lastName(call.expression)
  if (COLLECTS.test(name)) return false
  const callee = calleeOf(call, project)
  return callee ? catches(callee, project) : SAFE.test(name) || SAFE.test(call.expression.getText())
}

function catches({ body, parameters }: FunctionNode, project: Project, depth = 0): boolean {
  if (all(body, ts.isCatchClause).some((each) => !rethrows(each))) return true
  const names = new Set(parameters.map(({ name }) => name.getText()))
  return all(body, ts.isCallExpression).some((call) => {
    const name = lastName(call.expression)
    if (name === 'catch' || (name === 'then' && call.arguments.length > 1)) return true
    // It may give the operation to another function of its own.
    const isPassed = call.arguments.some((each) => ts.isIdentifier(each) && names.has(each.text))
    const callee = isPassed && depth < 2 ? calleeOf(call, project) : undefined
    return callee !== undefined && catches(callee, project, depth + 1)
  })
}

function ofFunction(node: FunctionNode, context: RuleContext, depth: number): Handling | 'inline' {
  const { parent } = node
  if (ts.isCallExpression(parent) && parent.expression !== node) return ofClosure(node, parent, context)
  if (ts.isCallExpression(parent) || ts.isParenthesizedExpression(parent)) return 'inline'
  if (ts.isNewExpression(parent)) return 'inline'
  if (isAdapter(node)) return 'out of sight'
  if (isSwallowing(node, context)) return 'handled'
  if (depth >= MAX_DEPTH) return 'escapes'
  return isCalledHereOnly(node) ? ofCallers(node, context, depth) : ofLayerAbove(node, context, depth)
}

/** `safely(() => redis.get(key))`: whoever is given the operation may handle it; who registers a listener does not. */
function ofClosure(
  node: FunctionNode,
  call: ts.CallExpression,
  { project }: RuleContext,
): Handling | 'inline' {
  const name = lastName(call.expression)
  if (LATER.test(name) || isHandler(node)) return 'escapes'
  if (COLLECTS.test(name)) return 'inline'
  const callee = calleeOf(call, project)
  return callee && !catches(callee, project) ? 'inline' : 'out of sight'
}

/** A member of an object that another package is given: what it does with a rejection is its contract. */
function isAdapter(node: FunctionNode): boolean {
  const member = ts.isMethodDeclaration(node) ? node : node.parent
  // The parent of a declaration is the file, which has none.
  if (member.parent === undefined || !ts.isObjectLiteralExpression(member.parent)) return false
  const { parent } = member.parent
  return ts.isCallExpression(parent) || ts.isNewExpression(parent) || ts.isPropertyAssignment(parent)
}

/** `@Safe() async get()`. */
function isSwallowing(node: FunctionNode, { project }: RuleContext): boolean {
  if (!ts.isMethodDeclaration(node)) return false
  return (ts.getDecorators(node) ?? []).some(({ expression }) => {
    const call = ts.isCallExpression(expression) ? expression : undefined
    const declared = call && calleeOf(call, project)
    return declared ? catches(declared, project) : SAFE.test(lastName(expression))
  })
}

/** Private to its class or module: all who call it are in sight. */
function isCalledHereOnly(node: FunctionNode): boolean {
  if (ts.isConstructorDeclaration(node)) return false
  if (ts.isMethodDeclaration(node) || ts.isPropertyDeclaration(node.parent)) {
    return isPrivate(ts.isMethodDeclaration(node) ? node : node.parent)
  }
  return !isExported(node)
}

function ofCallers(node: FunctionNode, context: RuleContext, depth: number): Handling {
  const declaration = (node.name ? node : node.parent) as ts.NamedDeclaration
  const uses = context.references
    .to(declaration)
    .filter((each) => each.getSourceFile() === node.getSourceFile())
  if (uses.length === 0) return 'escapes'
  const outcomes = uses.map((use) => handlingOf(callAt(use), context, depth + 1))
  return outcomes.find((each) => each === 'escapes') ?? outcomes[0]!
}

/**
 * A client under a guard: what a class or module gives out is handled where it is used, if only other parts of the
 * implementation use it, or give it to a guard. A try in the application is no excuse.
 */
function ofLayerAbove(node: FunctionNode, context: RuleContext, depth: number): Handling {
  if (context.roles.of(node.body).role !== 'implementation') return 'escapes'
  const outcomes = new Set<Handling>()
  for (const use of usesOf(node, context)) {
    const call = callAt(use)
    if (isOperatorCode(call.getSourceFile(), context)) continue
    if (isGuardedByApplication(call, context)) return 'escapes'
    const outcome = handlingOf(call, context, depth + 1)
    // What is put into an export goes to callers that nobody can name.
    outcomes.add(outcome === 'out of sight' && !ts.isCallExpression(call) ? 'escapes' : outcome)
  }
  if (outcomes.size === 0) return 'escapes'
  return [...outcomes].find((each) => each === 'escapes' || each === 'rethrown') ?? 'handled'
}

function isGuardedByApplication(call: ts.Node, { operations, roles }: RuleContext): boolean {
  const isGuarding = catchAround(call) !== undefined || catchOn(call) !== undefined
  return (
    isGuarding &&
    roles.of(call).role === 'application' &&
    operations.in(call.getSourceFile()).some((each) => each.call === call)
  )
}

/** Also those of the interfaces that it is called by. */
function usesOf(node: FunctionNode, { references, project }: RuleContext): ts.Identifier[] {
  const own = (node.name ? node : node.parent) as ts.NamedDeclaration
  const holder = ts.isClassLike(own.parent) ? own.parent : undefined
  const contracts = (holder ? contractsOf(holder, project) : []).filter(
    ({ name }) => name !== undefined && name.getText() === own.name?.getText(),
  )
  return [own, ...contracts].flatMap((each) => references.to(each))
}

function contractsOf(
  holder: ts.ClassLikeDeclaration | ts.InterfaceDeclaration,
  project: Project,
  depth = 0,
): ts.NamedDeclaration[] {
  if (depth > MAX_DEPTH) return []
  return (holder.heritageClauses ?? [])
    .flatMap(({ types }) => types.map(({ expression }) => project.declarationOf(expression)))
    .flatMap((each) =>
      each && (ts.isInterfaceDeclaration(each) || ts.isClassLike(each))
        ? [...each.members, ...contractsOf(each, project, depth + 1)]
        : [],
    )
}

function callAt(use: ts.Node): ts.Node {
  const target = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
  return ts.isCallExpression(target.parent) && target.parent.expression === target ? target.parent : target
}
