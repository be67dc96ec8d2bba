import ts from 'typescript'
import type { Project } from '../project/project.js'
import { bare } from '../syntax.js'
import type { Assignments } from './assignments.js'
import { exportOf, loadedModule } from './exports.js'
import type { Kinds, Made } from './kinds.js'

interface Given {
  kind: Made
  node: ts.Node
}

/** What is loaded where it is needed, not by an import at the top: `url ? require('./shared') : require('./local')`. */
export class LoadedModules {
  readonly #project: Project
  readonly #kinds: Kinds
  readonly #products: { of(node: ts.Expression): Given[] }
  readonly #assignments: Assignments

  constructor(of: {
    project: Project
    kinds: Kinds
    products: { of(node: ts.Expression): Given[] }
    assignments: Assignments
  }) {
    this.#project = of.project
    this.#kinds = of.kinds
    this.#products = of.products
    this.#assignments = of.assignments
  }

  /** What a module of ours gives out under a name; undefined when the expression loads none, or the name is nothing to us. */
  of(node: ts.Expression, name: string): Given[] | undefined {
    const module = loadedModule(bare(node), this.#project)
    const found = module && exportOf(module, name, this.#project)
    if (!found) return undefined
    if (ts.isExpression(found)) return this.#products.of(found)
    const kind = this.#kinds.of(found)
    return kind && [{ kind, node }]
  }

  /** `chosen.default`, also of a variable that was given one module or the other. */
  memberOf(node: ts.Identifier | ts.PropertyAccessExpression): Given[] | undefined {
    if (!ts.isPropertyAccessExpression(node)) return undefined
    const base = bare(node.expression)
    if (ts.isCallExpression(base)) return this.of(base, node.name.text)
    const holder = ts.isIdentifier(base) ? this.#project.declarationOf(base) : undefined
    if (!holder || !ts.isVariableDeclaration(holder) || holder.type) return undefined
    const found = this.#assignments.valuesOf(holder).flatMap((value) => this.of(value, node.name.text) ?? [])
    return found.length > 0 ? found : undefined
  }
}
