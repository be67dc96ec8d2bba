import ts from 'typescript'
import { convergeOnPassThrough } from '../fixes/converge-on-pass-through.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { nameGivenTo } from '../recognise/containers.js'
import { holdsBackend } from '../recognise/holding.js'
import { isBacked, type Made } from '../recognise/kinds.js'
import { isData } from '../recognise/data-types.js'
import { methodOf } from '../recognise/receivers.js'
import type { Product } from '../recognise/product.js'
import {
  above,
  nameNode,
  all,
  bare,
  isAssignment,
  isFunction,
  isPrivate,
  symbolOf,
  type FunctionNode,
} from '../syntax.js'
import { nullableMembersIn } from './r1/context-members.js'
import { exportedBy } from './r1/exported.js'
import { isLeftEmpty } from './r1/left-empty.js'
import { givesBackArgument, nullableIn, nullableReturn } from './r1/nullable.js'

const REMEDY =
  'Return the same type always: a pass-through (get gives null, set does nothing) or an allow-all limiter stands in when Redis is not there.'

// `export const limits = { login: { limiter: … } }`: of a table, its entries and their members.
const TABLE_LEVELS = 2

/** R1: what gives out a client, cache or limiter gives one out always. */
export const nonNullFactory: Rule = {
  id: 'R1',
  title: 'factories return non-nullable types',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    for (const node of all(file, isFunction)) yield* ofFunction(node, context)
    // What is exported under several names is said once.
    const told = new Set<ts.Node>()
    for (const statement of file.statements) {
      for (const each of ofExport(statement, context)) {
        if (!told.has(each.node)) yield each
        told.add(each.node)
      }
    }
    for (const { node, name, kind } of nullableMembersIn(file, context))
      yield {
        node,
        message: `${name} is a ${kind} or nothing for all who are handed it: each of them must know whether Redis is there, and the one that forgets fails when it is not.`,
        remedy: REMEDY,
      }
  },
}

function* ofFunction(node: FunctionNode, context: RuleContext): Generator<Judgement> {
  if (!isNamed(node) || ts.isConstructorDeclaration(node) || (node.type && isData(node.type))) return
  if (isOwnAffair(node, context)) return
  const nullable = nullableReturn(node, context)
  if (!nullable) {
    const kind = givenBy(node, context)
    const what = `${symbolOf(node) || nameGivenTo(node)} always gives a ${kind}`
    if (kind !== undefined) yield { node: nameNode(node), site: 'conforms', what }
    return
  }
  if (nullable.kind === 'client' && givesSubscription(node, context)) return
  const { kind, why } = nullable
  const name = symbolOf(node) || nameGivenTo(node) || 'This function'
  yield {
    node: nameNode(node),
    message: `${name} may return nothing instead of a ${kind}: every caller must then know whether Redis is there, and the one that forgets fails when it is not.`,
    remedy: REMEDY,
    ...(why && { related: [{ node: why, what: 'nothing comes from here' }] }),
  }
}

/** Who starts to listen gets what ends it, and asks nothing of it. */
function givesSubscription(node: FunctionNode, { products, receivers }: RuleContext): boolean {
  const given = new Set(
    products.returnsOf(node).flatMap(({ value }) => (value ? [bare(value).getText()] : [])),
  )
  return all(node.body, ts.isCallExpression).some((call) => {
    const asked = methodOf(call)
    return (
      asked !== undefined &&
      /^[ps]?subscribe$/i.test(asked.method) &&
      given.has(bare(asked.receiver).getText()) &&
      receivers.of(asked.receiver) === 'client'
    )
  })
}

/** What a class does with its own client counts only where it hands it out; what it fetches from elsewhere is not its own. */
function isOwnAffair(node: FunctionNode, context: RuleContext): boolean {
  if (!isPrivate(node)) return false
  const holder = above(node, ts.isClassLike)
  return !holder || context.roles.of(node.body).role !== 'factory' || holdsBackend(holder, context)
}

/** What a factory gives out; undefined where the function is none. */
function givenBy(node: FunctionNode, context: RuleContext): Made | undefined {
  const { project, kinds, products } = context
  // It gives back what it was called on, or was given.
  const isSelf = products
    .returnsOf(node)
    .some(({ value }) => value && bare(value).kind === ts.SyntaxKind.ThisKeyword)
  if (isSelf || givesBackArgument(node, context)) return undefined
  const declared = node.type && kinds.ofType(project.returnTypeOf(node).awaited())
  if (declared !== undefined) return isBacked(declared) ? declared : undefined
  return products.ofFunction(node).find(({ kind }) => isBacked(kind))?.kind
}

/** A function that others can call by name: callbacks hand nothing out. */
function isNamed(node: FunctionNode): boolean {
  const { parent } = node
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isGetAccessor(node) ||
    (isAssignment(parent) && parent.right === (node as ts.Node)) ||
    ts.isVariableDeclaration(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isPropertyDeclaration(parent)
  )
}

function* ofExport(statement: ts.Statement, context: RuleContext): Generator<Judgement> {
  for (const { node, value } of exportedBy(statement)) {
    if (isFunction(bare(value))) continue
    const made = context.products.of(value)
    const found =
      nullableValue(made) ??
      nullableIn(context.project.typeOf(value), context, TABLE_LEVELS) ??
      (isLeftEmpty(value, context) ? backedIn(made) : undefined)
    if (!found) {
      const kind = backedIn(made)?.kind
      if (kind !== undefined)
        yield { node, site: 'conforms', what: `${value.getText().slice(0, 40)} is always a ${kind}` }
      continue
    }
    const declaration = ts.isIdentifier(value) ? context.project.declarationOf(value) : undefined
    const isElsewhere = declaration !== undefined && declaration !== node.parent && declaration !== node
    const fix = found.kind === 'client' ? convergeOnPassThrough(node, context) : undefined
    const name = isElsewhere ? nameBeside(declaration, node) : undefined
    yield {
      // It is mended where it is made.
      node: name ?? node,
      ...(fix && { fix }),
      message: `This export is a ${found.kind} or nothing: every importer must then know whether Redis is there, and the one that forgets fails when it is not.`,
      remedy: REMEDY,
      ...(isElsewhere && {
        related: [name ? { node, what: 'exported here' } : { node: declaration, what: 'declared here' }],
      }),
    }
  }
}

/** The name of a variable that is exported further down in the same file. */
function nameBeside(declaration: ts.Declaration, exported: ts.Node): ts.Node | undefined {
  const isBeside =
    ts.isVariableDeclaration(declaration) && declaration.getSourceFile() === exported.getSourceFile()
  return isBeside && ts.isIdentifier(declaration.name) ? declaration.name : undefined
}

function nullableValue(made: Product[]): { kind: Made } | undefined {
  return made.some(({ kind }) => kind === 'null') ? backedIn(made) : undefined
}

function backedIn(made: Product[]): { kind: Made } | undefined {
  return made.find(({ kind }) => isBacked(kind))
}
