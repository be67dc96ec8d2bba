import ts from 'typescript'
import type { Belief, Believed } from '../../report/why-report.js'
import type { Places } from '../places.js'
import { bindingOf } from '../recognise/bindings.js'
import { isBacked, type Made } from '../recognise/kinds.js'
import { kindIn, packageAt } from '../recognise/packages.js'
import { growingStoresIn, processStoresIn } from '../recognise/process-stores.js'
import { sharedBecause } from '../recognise/shared-state.js'
import type { RuleContext } from '../rule.js'
import { functionAt, type FunctionNode } from '../syntax.js'
import { becauseOfClass, isClassOrInterface } from './class-because.js'
import { becauseOfProduct, oneLine } from './made-because.js'
import type { NamedThing } from './named-things.js'
import { takenFor } from './taken-for.js'

type Basis = Pick<Belief, 'is' | 'because' | 'isResolved'>

/** What the recognisers say of a thing, and why. */
export function beliefOf({ node, name }: NamedThing, context: RuleContext, places: Places): Belief {
  const declaration = context.project.declarationOf(name)
  const isOurs = declaration && packageAt(declaration.getSourceFile().fileName) === undefined
  const known = believed(node, declaration, context, places)
  return {
    ...places.of(node),
    text: oneLine(node),
    ...(known ?? { is: [], ...takenFor(node, name, context) }),
    declared: isOurs && !isImport(declaration) ? places.of(nameIn(declaration)) : null,
  }
}

function believed(
  node: ts.Node,
  declaration: ts.Declaration | undefined,
  context: RuleContext,
  places: Places,
): Basis | undefined {
  const imported = ofPackage(node, context)
  if (imported) return imported
  if (declaration && isClassOrInterface(declaration)) return ofClass(declaration, context)
  const fn = declaration && functionAt(declaration)
  if (fn) return ofFunction(fn, context, places)
  return ofValue(node, context, places) ?? (declaration && ofStore(declaration, context))
}

function ofPackage(node: ts.Node, { project }: RuleContext): Basis | undefined {
  const binding = ts.isExpression(node) ? bindingOf(node, project) : undefined
  const kind = binding && kindIn(binding.package, binding.name)
  return binding && kind && basis([kind], `imported from ${binding.package}`)
}

function ofClass(
  declaration: ts.ClassLikeDeclaration | ts.InterfaceDeclaration,
  context: RuleContext,
): Basis {
  const kind = context.kinds.of(declaration)
  return basis(kind === undefined ? [] : [kind], becauseOfClass(declaration, context))
}

/** A factory, by what it gives out; else what it is to its callers. */
function ofFunction(node: FunctionNode, context: RuleContext, places: Places): Basis {
  const products = context.products.ofFunction(node).filter(({ kind }) => kind !== 'other')
  if (products.some(({ kind }) => isBacked(kind))) {
    const parts = [...new Map(products.map((each) => [each.kind, each])).values()]
    const given = parts.map((each) => `${article(each.kind)} (${becauseOfProduct(each, context, places)})`)
    return basis(['factory'], `it gives out ${given.join(' or ')}`)
  }
  const stands = context.operations.standsFor(node)
  const { role, because } = context.roles.of(node.body)
  if (stands) return basis([stands], `to its callers it is a ${stands}: ${because}`)
  return basis([], `a function that gives out no client, cache or limiter; ${role}: ${because}`)
}

function ofValue(node: ts.Node, context: RuleContext, places: Places): Basis | undefined {
  if (!ts.isExpression(node)) return undefined
  const products = context.products.of(node).filter(({ kind }) => kind !== 'other')
  const parts = [...new Map(products.map((each) => [each.kind, each])).values()]
  const isSomething = parts.some(({ kind }) => kind !== 'null')
  if (isSomething) {
    const because = parts.map((each) => becauseOfProduct(each, context, places))
    return basis(
      parts.map(({ kind }) => kind),
      [...new Set(because)].join('; or '),
    )
  }
  const asked = context.receivers.of(node)
  return asked && basis([asked], 'read from what it is declared as, not from its type')
}

/** A collection that lives as long as the process. */
function ofStore(declaration: ts.Declaration, context: RuleContext): Basis | undefined {
  const file = declaration.getSourceFile()
  if (!context.project.sources.includes(file)) return undefined
  const stores = [...processStoresIn(file, context), ...growingStoresIn(file, context)]
  const store = stores.find((each) => each.declaration === declaration)
  if (!store) return undefined
  const shared = sharedBecause(store, context)
  const because = 'a collection that lives as long as the process'
  return basis(['memory'], shared === undefined ? because : `${because}; what it holds ${shared}`)
}

function basis(kinds: readonly (Made | 'factory')[], because: string): Basis {
  const is = kinds.filter((kind): kind is Believed => kind !== 'other')
  return { is, because, isResolved: true }
}

function article(kind: Made): string {
  return kind === 'null' ? 'nothing' : `a ${kind}`
}

function isImport(node: ts.Node): boolean {
  return (
    ts.isImportSpecifier(node) ||
    ts.isImportClause(node) ||
    ts.isNamespaceImport(node) ||
    ts.isImportEqualsDeclaration(node)
  )
}

function nameIn(declaration: ts.Declaration): ts.Node {
  return ts.getNameOfDeclaration(declaration) ?? declaration
}
