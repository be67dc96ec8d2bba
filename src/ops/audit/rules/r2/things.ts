import ts from 'typescript'
import type { Project } from '../../project/project.js'
import { baseClassOf } from '../../recognise/base-class.js'
import { nameGivenTo } from '../../recognise/containers.js'
import { exportOf, loadedModule } from '../../recognise/exports.js'
import { isBacked, type Made } from '../../recognise/kinds.js'
import type { Product } from '../../recognise/product.js'
import type { RuleContext } from '../../rule.js'
import { above, isWithin, lastName } from '../../syntax.js'

/** Something that is given out, and where it is made. */
export interface Thing {
  node: ts.Node
  kind: Made
  /** Equal for things of one class. */
  type: string
  isClass: boolean
  /** What its class is derived from in the end: over Redis, the children of one class are of one type. */
  base?: ts.Node | undefined
}

export function isOfOneType(a: Thing, b: Thing): boolean {
  return a.type === b.type || (isBacked(a.kind) && a.base !== undefined && a.base === b.base)
}

/** Of what is given out, nothing and stand-ins included; plain values are no things. */
export function thingsAmong(
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
    return [{ node: made, kind, base: baseClassOf(node, context.project), ...typeOf(node, kind, context) }]
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
  const loaded = ts.isExpression(node) ? loadedModule(node, project) : undefined
  if (loaded) return { type: defaultOf(loaded, project), isClass: true }
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

/** What a module gives out, by its name. */
function defaultOf(module: ts.SourceFile, project: Project): string {
  const found = exportOf(module, 'default', project)
  if (!found) return module.fileName
  return ts.isExpression(found)
    ? lastName(found)
    : (ts.getNameOfDeclaration(found)?.getText() ?? module.fileName)
}
