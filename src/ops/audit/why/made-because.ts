import ts from 'typescript'
import type { Places } from '../places.js'
import { bindingOf } from '../recognise/bindings.js'
import type { Product } from '../recognise/product.js'
import type { RuleContext } from '../rule.js'
import { bare, functionAt, nameOf } from '../syntax.js'
import { becauseOfClass, isClassOrInterface } from './class-because.js'

/** Where one of the things comes from that an expression may be, in words. */
export function becauseOfProduct({ node, kind }: Product, context: RuleContext, places: Places): string {
  const at = placeText(node, places)
  if (ts.isNewExpression(node)) return becauseOfNew(node, at, context)
  if (ts.isCallExpression(node)) return becauseOfCall(node, at, context, places)
  if (kind === 'null') return isName(node) ? 'its type has null' : `nothing at ${at}`
  return becauseOfType(node, context) ?? `by what ${oneLine(node)} at ${at} is used for`
}

function becauseOfNew(node: ts.NewExpression, at: string, context: RuleContext): string {
  const name = oneLine(node.expression)
  const binding = bindingOf(node.expression, context.project)
  if (binding) return `new ${name} of ${binding.package} at ${at}`
  const declaration = context.project.declarationOf(nameOf(bare(node.expression)))
  return declaration && isClassOrInterface(declaration)
    ? `new ${name} at ${at}: ${becauseOfClass(declaration, context)}`
    : `new ${name} at ${at}`
}

function becauseOfCall(node: ts.CallExpression, at: string, context: RuleContext, places: Places): string {
  const name = `${oneLine(node.expression)}()`
  const callee = bare(node.expression)
  const made = ts.isPropertyAccessExpression(callee)
    ? bindingOf(callee.expression, context.project)
    : bindingOf(callee, context.project)
  if (made) return `${name} of ${made.package} at ${at}`
  const declaration = context.project.declarationOf(nameOf(callee))
  const maker = declaration && functionAt(declaration)
  if (maker) return `${name} at ${at} gives it out, see ${placeText(maker, places)}`
  const type = becauseOfType(node, context)
  return type === undefined ? `${name} at ${at}` : `${name} at ${at}: ${type}`
}

/** What the type says; undefined where it says nothing. */
export function becauseOfType(node: ts.Node, context: RuleContext): string | undefined {
  const { declarations } = context.project.typeOf(node).awaited()
  const known =
    declarations.find((each) => context.kinds.of(each) !== undefined) ??
    // What the language itself declares says nothing to anybody.
    declarations.find((each) => isClassOrInterface(each) && !each.getSourceFile().isDeclarationFile)
  if (!known || !isClassOrInterface(known)) return undefined
  const name = known.name?.text ?? 'a class'
  const because = becauseOfClass(known, context)
  return because.startsWith(`${name} of `) ? `its type is ${because}` : `its type is ${name}: ${because}`
}

export function placeText(node: ts.Node, places: Places): string {
  const { file, line } = places.of(node)
  return `${file}:${line}`
}

const LONGEST = 60

export function oneLine(node: ts.Node): string {
  const text = node.getText().replaceAll(/\s+/g, ' ')
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text
}

function isName(node: ts.Node): boolean {
  return ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)
}
