import ts from 'typescript'
import { armsOf, isDefault } from '../../recognise/arms.js'
import { madeByArms } from '../../recognise/made-by-arms.js'
import { asksForBackend } from '../../recognise/availability.js'
import { keepsState } from '../../recognise/class-state.js'
import { nameGivenTo } from '../../recognise/containers.js'
import { isBacked, type Made } from '../../recognise/kinds.js'
import type { Judgement, RuleContext, Violation } from '../../rule.js'
import {
  above,
  all,
  bare,
  isFunction,
  isWithin,
  nameNode,
  symbolOf,
  type FunctionNode,
} from '../../syntax.js'
import { isDeclaredChoice, isForTests } from './declared-choice.js'
import { REMEDY } from './remedy.js'

/** A factory that gives out something backed by Redis on one path, and state of this process on another. */
export function* ofFactory(node: FunctionNode, { products }: RuleContext): Generator<Judgement> {
  const made = products.ofFunction(node)
  const real = made.find(({ kind }) => isBacked(kind))
  if (!real) return
  const name = symbolOf(node) || nameGivenTo(node) || 'This factory'
  const kept = made.filter(
    ({ kind, node: place }) => kind === 'memory' && isWithin(place, node) && isMade(place),
  )
  for (const { node: place } of kept)
    if (!isDeclaredChoice(place, node) && !isForTests(place, node)) yield fallbackAt(place, name)
  const isWell = kept.length === 0 && (real.kind === 'cache' || real.kind === 'limiter')
  if (isWell && made.every(({ kind }) => isBacked(kind) || kind === 'pass-through'))
    yield { node: nameNode(node), site: 'conforms', what: `${name} keeps nothing in the process on any path` }
}

/** Made here; a name may be one that was made where it is reported already. */
function isMade(node: ts.Node): boolean {
  return (
    ts.isNewExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    isFunction(node)
  )
}

type Member = ts.PropertyAssignment | ts.ShorthandPropertyAssignment

export function isMember(node: ts.Node): node is Member {
  return ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)
}

/** rate-limiter-flexible's own name for a limiter that takes over when Redis fails. */
export function* ofInsurance(node: Member, { products }: RuleContext): Generator<Violation> {
  if (node.name.getText() !== 'insuranceLimiter') return
  const given = ts.isPropertyAssignment(node) ? node.initializer : node.name
  if (products.of(given).some(({ kind }) => kind === 'memory')) yield fallbackAt(node, 'The limiter')
}

type Choice = ts.ConditionalExpression | ts.BinaryExpression

export function isChoice(node: ts.Node): node is Choice {
  return ts.isConditionalExpression(node) || isDefault(node)
}

/** The same choice where no function returns it: a constant, a field, a member, an argument, a default. */
export function* ofChoice(node: Choice, context: RuleContext): Generator<Violation> {
  if (isPartOfChoice(node)) return
  // A call or construction of ours on at least one side; asking what every `||` gives would take the time.
  if (!armsOf(node).some(isMade)) {
    yield* ofNames(node, context)
    return
  }
  const made = madeByArms(node, context.products)
  const memory = made.some(({ kind }) => isBacked(kind))
    ? made.find(({ kind, node: place }) => kind === 'memory' && isWithin(place, node) && isMade(place))?.node
    : (keptInstead(node, context) ?? wrappedInstead(node, context))
  if (!memory || isDeclaredChoice(memory, node.parent) || isForTests(memory, node.parent)) return
  yield fallbackAt(memory, holderName(node))
}

const NAMES_MEMORY = /memory|^mem|in_?process|local|fallback/i

/** `shared ?? memoryStore`: both were made elsewhere, where neither stands in for the other yet. */
function* ofNames(node: Choice, { products }: RuleContext): Generator<Violation> {
  const arms = armsOf(node).map((arm) => bare(arm))
  const kept = arms.find((arm) => ts.isIdentifier(arm) && NAMES_MEMORY.test(arm.text))
  if (!kept) return
  const only = (arm: ts.Expression, is: (kind: Made) => boolean) => {
    const kinds = products.of(arm).flatMap(({ kind }) => (kind === 'null' ? [] : [kind]))
    return kinds.length > 0 && kinds.every(is)
  }
  if (!only(kept, (kind) => kind === 'memory')) return
  if (!arms.some((arm) => arm !== kept && only(arm, isBacked))) return
  if (!isDeclaredChoice(kept, node.parent) && !isForTests(kept, node.parent))
    yield fallbackAt(kept, holderName(node))
}

/** `redis ? new SharedNonces({ redis }) : new Nonces()`: neither need look like a cache, and one keeps what it knows. */
function keptInstead(node: Choice, { products, project }: RuleContext): ts.Node | undefined {
  if (!ts.isConditionalExpression(node)) return undefined
  const arms = [bare(node.whenTrue), bare(node.whenFalse)].filter(ts.isNewExpression)
  const kept = arms.find((arm) => !isGivenFrom(node.condition, arm))
  if (arms.length < 2 || !kept || arms.every((arm) => !isGivenFrom(node.condition, arm))) return undefined
  if (!asksForBackend(node.condition, products)) return undefined
  const declaration = project.declarationOf(bare(kept.expression))
  return declaration && ts.isClassLike(declaration) && keepsState(declaration) ? kept : undefined
}

/** `redis ? new Measured(new SharedCache(redis)) : new Measured(new LocalCache())`: what is wrapped differs, the wrapper does not. */
function wrappedInstead(node: Choice, { products }: RuleContext): ts.Node | undefined {
  if (!ts.isConditionalExpression(node)) return undefined
  const arms = [bare(node.whenTrue), bare(node.whenFalse)].filter(ts.isNewExpression)
  if (arms.length < 2 || arms[0]?.expression.getText() !== arms[1]?.expression.getText()) return undefined
  const wrapped = arms.map((arm) => ({
    arm,
    kinds: (arm.arguments ?? [])
      .filter((each) => ts.isNewExpression(bare(each)))
      .flatMap((each) => products.of(each).map(({ kind }) => kind)),
  }))
  if (!wrapped.some(({ kinds }) => kinds.some(isBacked))) return undefined
  return wrapped.find(({ kinds }) => kinds.length > 0 && kinds.every((kind) => kind === 'memory'))?.arm
}

/** It is made with what the condition asks for. */
function isGivenFrom(condition: ts.Expression, { arguments: args }: ts.NewExpression): boolean {
  const names = new Set(all(condition, ts.isIdentifier).map(({ text }) => text))
  return (args ?? []).some((arg) => all(arg, ts.isIdentifier).some(({ text }) => names.has(text)))
}

function isPartOfChoice(node: ts.Node): boolean {
  let { parent } = node
  while (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent)) ({ parent } = parent)
  return isChoice(parent)
}

function holderName(node: ts.Node): string {
  const holder = above(node, isNamedHolder)
  return holder ? holder.name.getText() : symbolOf(node) || 'This choice'
}

type NamedHolder = (
  | ts.VariableDeclaration
  | ts.PropertyDeclaration
  | ts.PropertyAssignment
  | ts.ParameterDeclaration
  | ts.BindingElement
) & { name: ts.PropertyName }

function isNamedHolder(node: ts.Node): node is NamedHolder {
  const isHolder =
    ts.isVariableDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node)
  return isHolder && !ts.isObjectBindingPattern(node.name) && !ts.isArrayBindingPattern(node.name)
}

export function fallbackAt(node: ts.Node, name: string): Violation {
  return {
    node,
    message: `${name} falls back to the memory of this process: in an outage each instance answers from data of its own, and nothing reconciles them with Redis afterwards.`,
    remedy: REMEDY,
  }
}

/** A cache over two caches of one type, the second of which takes over when the first fails. */
export function* ofWrapper(node: ts.ClassDeclaration, { project, kinds }: RuleContext): Generator<Violation> {
  const held = node.members.filter(ts.isPropertyDeclaration).flatMap((member) => {
    const [type] = project.typeOf(member).declarations
    return type && isBacked(kinds.of(type)) && kinds.of(type) !== 'client'
      ? [{ name: member.name.getText(), type }]
      : []
  })
  const second = held.find(
    ({ name, type }) =>
      /fallback|backup|secondary/i.test(name) &&
      held.some((each) => each.name !== name && each.type === type),
  )
  const handles = all(node, ts.isCatchClause).length > 0 || all(node, ts.isConditionalExpression).length > 0
  if (!second || !handles) return
  yield {
    node: node.name ?? node,
    message: `${symbolOf(node)} changes over to ${second.name} when its cache fails: what was written or invalidated on one side is unknown on the other, in the outage and after it.`,
    remedy: REMEDY,
  }
}
