import ts from 'typescript'
import type { Project } from '../project/project.js'
import { bare, lastName, nameOf } from '../syntax.js'
import { bindingOf } from './bindings.js'
import { isPartOf, mayBePart } from './client-parts.js'
import { exportOf, loadedModule } from './exports.js'
import type { Made } from './kinds.js'
import { shapeOfLiteral } from './literal-shape.js'
import { isOwnImport, type NamedBackends } from './named-backends.js'
import type { Products } from './products.js'

/** What can be asked for something. */
export type Asked = 'client' | 'cache' | 'limiter'

const ASKED = new Set<Made>(['client', 'cache', 'limiter'])

// A pipeline is filled first and sent with one call.
const FILLS = /^(?:multi|pipeline|batch|transaction)$/

/** Says what stands before the dot of a call: also behind dynamic imports, destructuring and names that are `any`. */
export class Receivers {
  readonly #project: Project
  readonly #products: Products
  readonly #named: NamedBackends
  readonly #byDeclaration = new Map<ts.Declaration, Asked | undefined>()

  constructor(project: Project, products: Products, named: NamedBackends) {
    this.#project = project
    this.#products = products
    this.#named = named
  }

  /** A client, a cache or a limiter; undefined when it is none of them. */
  of(node: ts.Expression, depth = 0): Asked | undefined {
    const expression = bare(node)
    if (!ts.isIdentifier(expression)) return this.#judge(expression, depth)
    const declaration = this.#project.declarationOf(expression)
    if (!declaration) return undefined
    // Whether it is null is a matter of where it is used; what else it is, is not.
    if (this.#byDeclaration.has(declaration)) return this.#byDeclaration.get(declaration)
    const kind = this.#judge(expression, depth)
    this.#byDeclaration.set(declaration, kind)
    return kind
  }

  #judge(expression: ts.Expression, depth: number): Asked | undefined {
    if (depth > 4 || this.#isForeign(expression)) return undefined
    const known = this.#made(expression)
    if (known !== undefined) return known
    if (!ts.isIdentifier(expression) && !ts.isPropertyAccessExpression(expression)) return undefined
    const declaration = this.#project.declarationOf(nameOf(expression))
    const found = declaration && this.#ofDeclaration(declaration, depth + 1)
    return (
      found ?? this.#ofPart(expression, depth + 1) ?? (depth === 0 ? this.#named.of(expression) : undefined)
    )
  }

  /** `client.json.get(key)`, `redis.packed.set(key, value)`: some of its commands under a name. */
  #ofPart(expression: ts.Expression, depth: number): Asked | undefined {
    if (!ts.isPropertyAccessExpression(expression)) return undefined
    if (!mayBePart(expression.name.text)) return undefined
    const kind = this.of(expression.expression, depth)
    return kind && isPartOf(kind, expression, this.#project) ? kind : undefined
  }

  /** Whether nothing but its name and the way in which it is asked say what it is. */
  isByName(node: ts.Expression): boolean {
    return this.#named.of(node) !== undefined
  }

  #made(expression: ts.Expression): Asked | undefined {
    return this.#products.of(expression).find(({ kind }) => ASKED.has(kind))?.kind as Asked | undefined
  }

  /** The client that a pipeline is sent by: `redis` of `redis.multi().set(…)`, also through a variable. */
  pipelined(node: ts.Expression): ts.Expression | undefined {
    let each = bare(node)
    while (ts.isCallExpression(each)) {
      const callee = bare(each.expression)
      if (!ts.isPropertyAccessExpression(callee)) return undefined
      if (FILLS.test(callee.name.text)) {
        return this.of(callee.expression) === 'client' ? callee.expression : undefined
      }
      each = bare(callee.expression)
    }
    if (!ts.isIdentifier(each)) return undefined
    const declaration = this.#project.declarationOf(each)
    const isVariable = declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
    return isVariable && ts.isCallExpression(bare(isVariable)) ? this.pipelined(isVariable) : undefined
  }

  /** Of a package that we do not judge: `z.object({ … }).shape`. */
  #isForeign(expression: ts.Expression): boolean {
    let root: ts.Expression = expression
    while (ts.isPropertyAccessExpression(root) || ts.isCallExpression(root) || ts.isNonNullExpression(root))
      root = root.expression
    const declaration = ts.isIdentifier(root) ? this.#project.declarationOf(root) : undefined
    const isImport =
      declaration !== undefined &&
      (ts.isImportSpecifier(declaration) ||
        ts.isImportClause(declaration) ||
        ts.isNamespaceImport(declaration))
    return isImport && !isOwnImport(declaration) && bindingOf(root, this.#project) === undefined
  }

  #ofDeclaration(declaration: ts.Declaration, depth: number): Asked | undefined {
    if (ts.isBindingElement(declaration)) return this.#ofBinding(declaration, depth)
    if (ts.isShorthandPropertyAssignment(declaration)) return this.of(declaration.name, depth)
    if (ts.isParameter(declaration)) {
      const awaited = awaitedBy(declaration)
      return awaited && this.#made(awaited)
    }
    const isHolder = ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration)
    const value = isHolder && declaration.initializer ? bare(declaration.initializer) : undefined
    if (!value) return undefined
    if (ts.isObjectLiteralExpression(value)) return shapeOfLiteral(value, this.#project)
    return ts.isPropertyAssignment(declaration) ? this.of(value, depth) : undefined
  }

  /** `const { default: redis } = await import('./redis')`, `const { redis } = clients`. */
  #ofBinding(element: ts.BindingElement, depth: number): Asked | undefined {
    const { parent: pattern } = element
    if (!ts.isVariableDeclaration(pattern.parent) || !pattern.parent.initializer) return undefined
    const source = bare(pattern.parent.initializer)
    const name = (element.propertyName ?? element.name).getText()
    const module = loadedModule(source, this.#project)
    const found = module
      ? exportOf(module, name, this.#project)
      : element.propertyName && this.#project.declarationOf(element.propertyName)
    if (!found) return undefined
    if (ts.isExpression(found)) return this.of(found, depth)
    const named = ts.getNameOfDeclaration(found as ts.Declaration)
    const isRead = named && ts.isIdentifier(named) && named !== element.name
    return isRead ? this.of(named, depth) : undefined
  }
}

/** Whether a method only opens a pipeline. */
export function fills(method: string): boolean {
  return FILLS.test(method)
}

/** The receiver and the name of the method of a call: `a.b()`, `a?.b()`, `a['b']()`. */
export function methodOf(call: ts.CallExpression): { receiver: ts.Expression; method: string } | undefined {
  const callee = bare(call.expression)
  if (ts.isPropertyAccessExpression(callee)) return { receiver: callee.expression, method: callee.name.text }
  if (!ts.isElementAccessExpression(callee)) return undefined
  const { expression: receiver, argumentExpression: name } = callee
  return { receiver, method: ts.isStringLiteralLike(name) ? name.text : lastName(name) || 'call' }
}

/** `connect()` of `connect().then((redis) => …)`. */
function awaitedBy(parameter: ts.ParameterDeclaration): ts.Expression | undefined {
  const { parent: callback } = parameter
  const call = callback.parent
  if (!ts.isCallExpression(call) || call.arguments[0] !== callback || callback.parameters[0] !== parameter)
    return undefined
  const callee = bare(call.expression)
  return ts.isPropertyAccessExpression(callee) && callee.name.text === 'then' ? callee.expression : undefined
}
