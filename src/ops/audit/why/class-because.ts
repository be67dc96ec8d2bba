import ts from 'typescript'
import { extendedBy } from '../recognise/base-class.js'
import { bindingOf } from '../recognise/bindings.js'
import { isBacked } from '../recognise/kinds.js'
import { packageAt } from '../recognise/packages.js'
import { keepsState } from '../recognise/class-state.js'
import { isCacheShaped } from '../recognise/cache-shape.js'
import { heldBy, isLimiterShaped } from '../recognise/shape.js'
import type { RuleContext } from '../rule.js'

type Declared = ts.ClassLikeDeclaration | ts.InterfaceDeclaration

export function isClassOrInterface(node: ts.Node): node is Declared {
  return ts.isClassLike(node) || ts.isInterfaceDeclaration(node)
}

/** Why a class or interface is what it is, or is nothing to the rules, in words. */
export function becauseOfClass(declaration: Declared, context: RuleContext): string {
  const { kinds, project } = context
  const known = packageAt(declaration.getSourceFile().fileName)
  if (known !== undefined) return `${declaration.name?.text ?? 'it'} of ${known}`
  const kind = kinds.of(declaration)
  const shape = shapeOf(declaration, context)
  if (kind === undefined) return nothingBecause(declaration, shape, context)
  if (kind === 'pass-through') return 'whatever it is asked, its answer is one constant'
  if (kind === 'memory') return `${shape ?? 'get and set'} over state of its own, and no client in it`
  const base = extendedBy(declaration)
  const from = base && bindingOf(base, project)
  if (from && (kind === 'client' || kind === 'queue' || shape === undefined))
    return `it extends ${base.getText()} of ${from.package}`
  if (shape === undefined) return base ? `it is made from ${base.getText()}` : 'what it holds and can do'
  if (ts.isInterfaceDeclaration(declaration)) return `${shape}, and its name says so`
  const held = backedFieldOf(declaration, context)
  return held === undefined ? `${shape}, and its code speaks of Redis` : `${shape}, over ${held}`
}

function nothingBecause(
  declaration: Declared,
  shape: string | undefined,
  { kinds, project }: RuleContext,
): string {
  const base = extendedBy(declaration)
  const parent = base && project.declarationOf(base)
  const inherits =
    base && !(parent && isClassOrInterface(parent))
      ? `; what ${base.getText()} is, could not be seen`
      : parent && kinds.of(parent) !== undefined
        ? `; it extends a ${kinds.of(parent)}`
        : ''
  if (shape !== undefined) return `${shape}, but no client is seen in it${inherits}`
  const own = ts.isClassLike(declaration) && keepsState(declaration) ? ' (it keeps state of its own)' : ''
  return `no asynchronous get and set, and no check that says whether the caller may go on${own}${inherits}`
}

function shapeOf(declaration: Declared, { project }: RuleContext): string | undefined {
  if (isCacheShaped(declaration, project)) return 'asynchronous get and set'
  return isLimiterShaped(declaration, project) ? 'a check that says whether the caller may go on' : undefined
}

/** `the field redis, a client`: what makes it more than a shape. */
function backedFieldOf(declaration: ts.ClassLikeDeclaration, context: RuleContext): string | undefined {
  const given = declaration.members
    .filter(ts.isConstructorDeclaration)
    .flatMap(({ parameters }) => [...parameters])
    .map((parameter) => ({ declaration: parameter as ts.Node, values: [] as ts.Expression[] }))
  for (const field of [...heldBy(declaration), ...given]) {
    const byType = context.kinds.ofType(context.project.typeOf(field.declaration))
    const kind = isBacked(byType)
      ? byType
      : field.values.flatMap((value) => context.products.of(value)).find((each) => isBacked(each.kind))?.kind
    if (kind !== undefined && isBacked(kind)) return `${nameOfField(field.declaration)}, a ${kind}`
  }
  return undefined
}

function nameOfField(node: ts.Node): string {
  if (ts.isPropertyAccessExpression(node)) return node.name.text
  return 'name' in node && node.name ? (node.name as ts.Node).getText() : node.getText()
}
