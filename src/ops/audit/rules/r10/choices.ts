import ts from 'typescript'
import { nameGivenTo } from '../../recognise/containers.js'
import { isBacked } from '../../recognise/kinds.js'
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

/** rate-limiter-flexible's own name for a limiter that takes over when Redis fails. */
export function* ofInsurance(node: ts.PropertyAssignment, { products }: RuleContext): Generator<Violation> {
  if (node.name.getText() !== 'insuranceLimiter') return
  if (products.of(node.initializer).some(({ kind }) => kind === 'memory'))
    yield fallbackAt(node, 'The limiter')
}

type Choice = ts.ConditionalExpression | ts.BinaryExpression

export function isChoice(node: ts.Node): node is Choice {
  if (ts.isConditionalExpression(node)) return true
  return (
    ts.isBinaryExpression(node) &&
    [
      ts.SyntaxKind.QuestionQuestionToken,
      ts.SyntaxKind.BarBarToken,
      ts.SyntaxKind.QuestionQuestionEqualsToken,
      ts.SyntaxKind.BarBarEqualsToken,
    ].includes(node.operatorToken.kind)
  )
}

/** The same choice where no function returns it: a constant, a field, a member, an argument. */
export function* ofChoice(node: Choice, { products }: RuleContext): Generator<Violation> {
  if (isPartOfChoice(node)) return
  const arms = armsOf(node).map(bare).filter(isMade)
  // A call or construction of ours on at least one side; asking what every `||` gives would take the time.
  if (arms.length === 0) return
  const made = products.of(node)
  if (!made.some(({ kind }) => isBacked(kind))) return
  const memory = made.find(
    ({ kind, node: place }) => kind === 'memory' && isWithin(place, node) && isMade(place),
  )
  if (!memory || isDeclaredChoice(memory.node, node.parent) || isForTests(memory.node, node.parent)) return
  yield fallbackAt(memory.node, holderName(node))
}

function armsOf(node: ts.Expression): ts.Expression[] {
  if (ts.isConditionalExpression(node)) return [...armsOf(node.whenTrue), ...armsOf(node.whenFalse)]
  return ts.isBinaryExpression(node) ? [...armsOf(node.left), ...armsOf(node.right)] : [node]
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

function isNamedHolder(
  node: ts.Node,
): node is ts.VariableDeclaration | ts.PropertyDeclaration | ts.PropertyAssignment | ts.ParameterDeclaration {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isParameter(node)
  )
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
