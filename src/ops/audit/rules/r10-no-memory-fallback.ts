import ts from 'typescript'
import { bindingOf } from '../recognise/bindings.js'
import { isBacked } from '../recognise/kinds.js'
import { storeOptionOf } from '../recognise/packages.js'
import { processStoresIn } from '../recognise/process-stores.js'
import { sharedBecause, type SharedBecause } from '../recognise/shared-state.js'
import type { Rule, RuleContext, Violation } from '../rule.js'
import { all, bare, isFunction, isWithin, lastName, symbolOf, type FunctionNode } from '../syntax.js'

const REMEDY =
  'Keep it in Redis and let a pass-through (cache) or a declared fail-open or fail-closed policy (limiter) answer while Redis is away.'

/** R10: what instances share is never kept in one of them, not even while Redis is away. */
export const noMemoryFallback: Rule = {
  id: 'R10',
  title: 'no in-memory fallback for distributed state',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    for (const call of all(file, ts.isCallExpression)) yield* ofMiddleware(call, context)
    for (const node of all(file, isFunction)) yield* ofFactory(node, context)
    for (const node of all(file, ts.isConditionalExpression)) yield* ofChoice(node, context)
    for (const node of all(file, ts.isPropertyAssignment)) yield* ofInsurance(node, context)
    for (const store of processStoresIn(file, context)) {
      const because = sharedBecause(store, context)
      if (because) yield { node: store.declaration, message: messageOf(store.name, because), remedy: REMEDY }
    }
    for (const node of all(file, ts.isClassDeclaration)) yield* ofWrapper(node, context)
  },
}

function messageOf(name: string, because: SharedBecause): string {
  const harm = {
    'counts against a limit': 'with n instances the limit is n times what it says, and a restart forgets it',
    'is a credential': 'a request that reaches another instance, or comes after a restart, does not find it',
    'remembers what was done': 'another instance, or this one after a restart, does it again',
    'stands in for Redis':
      'in an outage each instance answers from data of its own, which nobody invalidates',
  }[because]
  return `${name} is kept in this process and ${because}: ${harm}.`
}

/** A limiter middleware without a store counts in the process, and says so nowhere. */
function* ofMiddleware(call: ts.CallExpression, context: RuleContext): Generator<Violation> {
  const binding = bindingOf(call.expression, context.project)
  const option = binding && storeOptionOf(binding.package, binding.name)
  if (option === undefined || !lacks(call.arguments[0], option, context)) return
  yield {
    node: call,
    message: `${lastName(call.expression)} without \`${option}\` counts in the memory of each process: with n instances the limit is n times what it says, and a restart forgets it.`,
    remedy: `Give it a \`${option}\` over the Redis that all instances share.`,
  }
}

/** Certainly absent: options that cannot be read here may hold it. */
function lacks(argument: ts.Expression | undefined, option: string, { project }: RuleContext): boolean {
  if (!argument) return true
  let value = bare(argument)
  const declaration = ts.isIdentifier(value) ? project.declarationOf(value) : undefined
  if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer)
    value = bare(declaration.initializer)
  if (!ts.isObjectLiteralExpression(value)) return false
  return value.properties.every((each) => each.name !== undefined && each.name.getText() !== option)
}

/** A factory that gives out something backed by Redis on one path, and state of this process on another. */
function* ofFactory(node: FunctionNode, { products }: RuleContext): Generator<Violation> {
  if (all(node.body, ts.isNewExpression).length === 0) return
  const made = products.ofFunction(node)
  if (!made.some(({ kind }) => isBacked(kind))) return
  for (const { kind, node: place } of made) {
    if (kind !== 'memory' || !ts.isNewExpression(place) || !isWithin(place, node)) continue
    yield fallbackAt(place, symbolOf(node) || 'This factory')
  }
}

/** rate-limiter-flexible's own name for a limiter that takes over when Redis fails. */
function* ofInsurance(node: ts.PropertyAssignment, { products }: RuleContext): Generator<Violation> {
  if (node.name.getText() !== 'insuranceLimiter') return
  if (products.of(node.initializer).some(({ kind }) => kind === 'memory'))
    yield fallbackAt(node, 'The limiter')
}

/** The same choice, made outside a function. */
function* ofChoice(node: ts.ConditionalExpression, { products }: RuleContext): Generator<Violation> {
  const { parent } = node
  if (!ts.isVariableDeclaration(parent) && !ts.isPropertyDeclaration(parent)) return
  const made = products.of(node)
  if (!made.some(({ kind }) => isBacked(kind))) return
  const memory = made.find(({ kind, node: place }) => kind === 'memory' && isWithin(place, node))
  if (memory) yield fallbackAt(memory.node, parent.name.getText())
}

function fallbackAt(node: ts.Node, name: string): Violation {
  return {
    node,
    message: `${name} falls back to the memory of this process: in an outage each instance answers from data of its own, and nothing reconciles them with Redis afterwards.`,
    remedy: REMEDY,
  }
}

/** A cache over two caches of one type, the second of which takes over when the first fails. */
function* ofWrapper(node: ts.ClassDeclaration, { project, kinds }: RuleContext): Generator<Violation> {
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
