import ts from 'typescript'
import { madeByArms } from '../recognise/arms.js'
import { asksForBackend } from '../recognise/availability.js'
import { nameGivenTo } from '../recognise/containers.js'
import { isBacked, type Made } from '../recognise/kinds.js'
import type { Product } from '../recognise/products.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import {
  above,
  all,
  bare,
  isFunction,
  isWithin,
  lastName,
  nameNode,
  own,
  symbolOf,
  type FunctionNode,
} from '../syntax.js'

/** R2: a factory gives one type, whether or not Redis is there. */
export const oneType: Rule = {
  id: 'R2',
  title: 'factories return the same type with and without Redis',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    for (const node of all(file, isFunction)) yield* ofFunction(node, context)
    for (const node of all(file, isHolder)) yield* ofHolder(node, context)
  },
}

/** Something that is given out, and where it is made. */
interface Thing {
  node: ts.Node
  kind: Made
  /** Equal for things of one class. */
  type: string
  isClass: boolean
}

function* ofFunction(node: FunctionNode, context: RuleContext): Generator<Judgement> {
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

type Holder = (ts.VariableDeclaration | ts.PropertyDeclaration | ts.PropertyAssignment) & {
  initializer: ts.Expression
}

/** A choice that is made outside a function: an exported constant, a field, a member of a registry. */
function isHolder(node: ts.Node): node is Holder {
  const isOne =
    ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node)
  if (!isOne || !node.initializer) return false
  const value = bare(node.initializer)
  const isChoice = ts.isConditionalExpression(value) || ts.isBinaryExpression(value)
  return isChoice && (!ts.isVariableDeclaration(node) || above(node, ts.isFunctionLike) === undefined)
}

function* ofHolder(node: Holder, context: RuleContext): Generator<Judgement> {
  const made = madeByArms(node.initializer, context.products)
  if (!made.some(isReal)) return
  const things = thingsAmong(made, node.initializer, node, context)
  yield* judge({ things, within: node, at: node.name, name: node.name.getText() }, context)
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
      each.type !== real.type &&
      each.kind !== 'pass-through' &&
      (each.isClass || !isBacked(each.kind)) &&
      (real.kind !== 'client' || each.kind !== 'other') &&
      isOfAvailability(each.node, real.node, within, context),
  )
  if (other) {
    yield {
      node: at,
      message: `${name} gives a ${real.type} with Redis and a ${other.type} without: what holds for one of them (expiry, invalidation, permissions, metrics) is promised by neither, and the service finds out in the outage.`,
      remedy:
        'Return one wrapper on every path, and give it a stand-in when there is no Redis: `new Wrapper(redis ?? createPassThroughRedis())`.',
      related: [real, other].map((each) => ({ node: each.node, what: `a ${each.type} is made here` })),
    }
    return
  }
  const isOne = things.every(
    ({ kind, type }) => kind === 'pass-through' || (isBacked(kind) && type === real.type),
  )
  if (isOne && real.kind !== 'client')
    yield { node: at, site: 'conforms', what: `${name} gives a ${real.type} on every path` }
}

/** Of what is given out, nothing and stand-ins included; plain values are no things. */
function thingsAmong(
  products: readonly Product[],
  path: ts.Node,
  within: ts.Node,
  context: RuleContext,
): Thing[] {
  return products.flatMap(({ kind, node }) => {
    if (kind === 'null' || (kind === 'other' && !isObject(node, context))) return []
    // Made within, or at the top level of the same file in a branch of it.
    const isInSight = isWithin(node, within) || homeOf(node) === within.getSourceFile()
    const made = isInSight ? node : path
    return [{ node: made, kind, ...typeOf(node, kind, context) }]
  })
}

/** Of a class or interface of ours: what stands beside a cache instead of it. */
function isObject(node: ts.Node, { project }: RuleContext): boolean {
  if (ts.isNewExpression(node)) return true
  const { declarations, isAny } = project.typeOf(node).awaited()
  if (!ts.isExpression(node)) return false
  // A local that holds no `new` came from where things are remembered.
  const declaration = ts.isIdentifier(node) ? project.declarationOf(node) : undefined
  if (declaration && ts.isVariableDeclaration(declaration)) return false
  if (isAny) return declaration !== undefined && ts.isParameter(declaration)
  return declarations.some((each) => ts.isClassLike(each) || ts.isInterfaceDeclaration(each))
}

/** The name of the class; clients of all packages are one, as a cluster is no other type than a server. */
function typeOf(node: ts.Node, kind: Made, { project }: RuleContext): Pick<Thing, 'type' | 'isClass'> {
  if (kind === 'client') return { type: 'client', isClass: true }
  if (ts.isNewExpression(node)) return { type: node.expression.getText(), isClass: true }
  const [declaration] = project.typeOf(node).awaited().declarations
  // Functions that close over their state are of one type with what the same function makes.
  const isClosure =
    declaration === undefined || ts.isObjectLiteralExpression(declaration) || ts.isFunctionLike(declaration)
  if (isClosure && kind !== 'other' && ts.isCallExpression(node))
    return { type: lastName(node.expression) || 'call', isClass: true }
  if (isClosure && kind !== 'other' && (ts.isObjectLiteralExpression(node) || ts.isFunctionLike(node)))
    return { type: nameGivenTo(node) || 'object', isClass: true }
  if (ts.isFunctionLike(node)) return { type: 'function', isClass: false }
  const name = declaration && ts.getNameOfDeclaration(declaration)?.getText()
  const isClass = declaration !== undefined && ts.isClassLike(declaration)
  return { type: name ?? node.getText(), isClass }
}

/** The function that a thing is made in, or the module. */
function homeOf(node: ts.Node): ts.Node {
  return above(node, ts.isFunctionLike) ?? node.getSourceFile()
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
