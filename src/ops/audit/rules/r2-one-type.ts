import ts from 'typescript'
import { madeByArms } from '../recognise/made-by-arms.js'
import { asksForBackend } from '../recognise/availability.js'
import { assignedIn } from '../recognise/assigned-in.js'
import { isBacked, type Made } from '../recognise/kinds.js'
import { isSite, type Judgement, type Rule, type RuleContext, type Violation } from '../rule.js'
import {
  above,
  all,
  bare,
  isAssignment,
  isFunction,
  isWithin,
  nameNode,
  own,
  symbolOf,
  type FunctionNode,
} from '../syntax.js'
import { isGivenOut } from './r2/given-out.js'
import { isOfOneType, thingsAmong, type Thing } from './r2/things.js'

/** R2: a factory gives one type, whether or not Redis is there. */
export const oneType: Rule = {
  id: 'R2',
  title: 'factories return the same type with and without Redis',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    for (const node of all(file, isFunction)) yield* ofFunction(node, context)
    for (const node of all(file, isHolder)) yield* ofHolder(node, node.initializer, node.name, context)
    yield* ofExports(file, context)
    yield* ofModule(file, context)
  },
}

/** What the branches of a module itself put into what it exports: one class or the other, or what it makes of them. */
function* ofModule(file: ts.SourceFile, context: RuleContext): Generator<Judgement> {
  for (const [name, values] of assignedIn(file)) {
    if (values.length < 2 || !isGivenOut(name, file)) continue
    const made = values.flatMap((value) => context.products.of(value))
    if (!made.some(isReal)) continue
    const at = values.map(branchAround).find((each) => each !== undefined)
    if (!at) continue
    const things = thingsAmong(made, file, file, context)
    for (const each of judge({ things, within: file, at, name }, context)) if (!isSite(each)) yield each
  }
}

function branchAround(node: ts.Node): ts.Node | undefined {
  return above(node, ts.isIfStatement)?.expression ?? above(node, ts.isCatchClause)
}

function* ofFunction(node: FunctionNode, context: RuleContext): Generator<Judgement> {
  const given = [...ofReturns(node, context)]
  const assigned = given.some((each) => !isSite(each)) ? [] : [...ofAssigned(node, context)]
  yield* assigned.length > 0 ? assigned : given
}

function* ofReturns(node: FunctionNode, context: RuleContext): Generator<Judgement> {
  if (ts.isConstructorDeclaration(node) || !context.products.ofFunction(node).some(isReal)) return
  const things = context.products
    .returnsOf(node)
    .flatMap(({ node: path, value }) =>
      value ? thingsAmong(context.products.of(value), path, node, context) : [],
    )
  yield* judge(
    { things, within: node.body, at: nameNode(node), name: symbolOf(node) || 'This factory' },
    context,
  )
}

/** The choice is put into a variable or field that outlives the call. Memory there is R10's. */
function* ofAssigned(node: FunctionNode, context: RuleContext): Generator<Violation> {
  for (const [name, values] of assignedIn(node.body)) {
    if (values.length < 2) continue
    const made = values.flatMap((value) => context.products.of(value))
    if (!made.some(isReal) || made.some(({ kind }) => kind === 'memory')) continue
    const things = thingsAmong(made, node, node.body, context)
    for (const each of judge({ things, within: node.body, at: nameNode(node), name }, context))
      if (!isSite(each)) yield each
  }
}

type Holder = (ts.VariableDeclaration | ts.PropertyDeclaration | ts.PropertyAssignment) & {
  initializer: ts.Expression
}

/** A choice that is made outside a function: an exported constant, a field, a member of a registry. */
function isHolder(node: ts.Node): node is Holder {
  const isOne =
    ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node)
  if (!isOne || !node.initializer) return false
  return (
    isChoice(node.initializer) &&
    (!ts.isVariableDeclaration(node) || above(node, ts.isFunctionLike) === undefined)
  )
}

function isChoice(node: ts.Expression): boolean {
  const value = bare(node)
  return ts.isConditionalExpression(value) || ts.isBinaryExpression(value)
}

function* ofHolder(
  node: ts.Node,
  value: ts.Expression,
  at: ts.Node,
  context: RuleContext,
): Generator<Judgement> {
  const made = madeByArms(value, context.products)
  if (!made.some(isReal)) return
  const things = thingsAmong(made, value, node, context)
  yield* judge(
    { things, within: node, at, name: ts.isExportAssignment(at) ? 'The default export' : at.getText() },
    context,
  )
}

/** `module.exports = url ? require('./shared') : require('./local')`. */
function* ofExports(file: ts.SourceFile, context: RuleContext): Generator<Judgement> {
  for (const statement of file.statements) {
    const given = ts.isExpressionStatement(statement) ? statement.expression : undefined
    if (given && isAssignment(given) && isGivenOut(given.left.getText(), file) && isChoice(given.right))
      yield* ofHolder(given, given.right, given.left, context)
    if (ts.isExportAssignment(statement) && isChoice(statement.expression))
      yield* ofHolder(statement, statement.expression, statement, context)
  }
}

function isReal({ kind }: { kind: Made }): boolean {
  return isBacked(kind)
}

function* judge(
  of: { things: Thing[]; within: ts.Node; at: ts.Node; name: string },
  context: RuleContext,
): Generator<Judgement> {
  const { things, within, at, name } = of
  const real = things.find(({ kind, isClass }) => isBacked(kind) && isClass)
  if (!real) return
  // What is only known by its interface may well be of the same class.
  const other = things.find(
    (each) =>
      !isOfOneType(each, real) &&
      each.kind !== 'pass-through' &&
      (each.isClass || !isBacked(each.kind)) &&
      (real.kind !== 'client' || each.kind !== 'other') &&
      isOfAvailability(each.node, real.node, within, context),
  )
  if (other) {
    yield {
      node: at,
      ...(isFunction(within.parent) && { unlessSaid: { rule: 'R4', within } }),
      message: `${name} gives a ${real.type} with Redis and a ${other.type} without: what holds for one of them (expiry, invalidation, permissions, metrics) is promised by neither, and the service finds out in the outage.`,
      remedy:
        'Return one wrapper on every path, and give it a stand-in when there is no Redis: `new Wrapper(redis ?? createPassThroughRedis())`.',
      related: [real, other].map((each) => ({ node: each.node, what: `a ${each.type} is made here` })),
    }
    return
  }
  const isOne = things.every(
    (each) => each.kind === 'pass-through' || (isBacked(each.kind) && isOfOneType(each, real)),
  )
  if (isOne && real.kind !== 'client')
    yield { node: at, site: 'conforms', what: `${name} gives a ${real.type} on every path` }
}

/** Whether it depends on Redis which of two things is made: on a branch that asks for it, on its error, or on `??`. */
function isOfAvailability(a: ts.Node, b: ts.Node, within: ts.Node, { products }: RuleContext): boolean {
  const scope = [a, b].every((each) => isWithin(each, within)) ? within : within.getSourceFile()
  const parts = (condition: ts.Expression, ...branches: (ts.Node | undefined)[]) =>
    asksForBackend(condition, products) ? branches.filter((each) => each !== undefined) : []
  const sides = [
    ...own(scope, ts.isIfStatement).flatMap((each) =>
      parts(each.expression, each.thenStatement, each.elseStatement),
    ),
    ...own(scope, ts.isConditionalExpression).flatMap((each) =>
      parts(each.condition, each.whenTrue, each.whenFalse),
    ),
    ...own(scope, ts.isCatchClause),
    ...own(scope, ts.isBinaryExpression).flatMap((each) => (isElse(each) ? [each.right] : [])),
  ]
  return sides.some((side) => isWithin(a, side) !== isWithin(b, side))
}

/** `open() ?? other`; `given ?? made` is what a caller decides. */
function isElse({ left, operatorToken }: ts.BinaryExpression): boolean {
  const isDefault =
    operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken ||
    operatorToken.kind === ts.SyntaxKind.BarBarToken
  return isDefault && ts.isCallExpression(bare(left))
}
