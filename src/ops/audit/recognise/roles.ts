import ts from 'typescript'
import type { Project } from '../project/project.js'
import { above } from '../syntax.js'
import { containersOf } from './containers.js'
import type { DirectOperations, Operation } from './direct-operations.js'
import { exemptionOf, exemptionOfOperation, type Exemption } from './exemptions.js'
import type { Implementations } from './implementations.js'
import type { ImplementingModules } from './implementing-modules.js'
import { isBacked } from './kinds.js'
import { homelessIn, topicsOf } from './no-other-home.js'
import type { Products } from './products.js'

/**
 * Who may know that Redis can be away: `implementation` (a class over a client, or a module that owns one and exports
 * operations) must, `factory` decides what stands in, `exempt` code has its own policy (health, shutdown, locks, queues,
 * primary stores), and `application` is everybody else.
 */
export type Role = 'implementation' | 'factory' | 'exempt' | 'application'

export interface RoleOf {
  role: Role
  /** Why, in words for the reader of `--why`. */
  because: string
  /** Of exempt code: what it is. */
  exemption?: Exemption
}

/** The role of the code that a node stands in. */
export class Roles {
  readonly #project: Project
  readonly #products: Products
  readonly #implementations: Implementations
  readonly #modules: ImplementingModules
  readonly #direct: DirectOperations
  readonly #known = new Map<ts.Node, RoleOf>()
  readonly #homeless = new Map<ts.SourceFile, ReadonlySet<string>>()

  constructor(of: {
    project: Project
    products: Products
    implementations: Implementations
    modules: ImplementingModules
    direct: DirectOperations
  }) {
    this.#project = of.project
    this.#products = of.products
    this.#implementations = of.implementations
    this.#modules = of.modules
    this.#direct = of.direct
  }

  of(node: ts.Node): RoleOf {
    const scope = scopeOf(node)
    const known = this.#known.get(scope)
    if (known) return known
    const role = this.#judge(node, scope)
    this.#known.set(scope, role)
    return role
  }

  /** As `of`, and exempt where the operation itself says so: what it sends, or the key that it is about. */
  ofOperation(operation: Operation): RoleOf {
    const exemption = exemptionOfOperation(operation, this.#project) ?? this.#ofHomeless(operation)
    if (exemption === undefined) return this.of(operation.call)
    return { role: 'exempt', exemption, because: `${operation.method} is ${exemption}` }
  }

  /** A miss that nobody can make good is an error, and so is an outage. */
  #ofHomeless({ call, kind }: Operation): Exemption | undefined {
    if (kind === 'limiter') return undefined
    const file = call.getSourceFile()
    const homeless = this.#homeless.get(file) ?? homelessIn(this.#direct.in(file), file)
    this.#homeless.set(file, homeless)
    return homeless.size > 0 && topicsOf(call).some((topic) => homeless.has(topic))
      ? 'a primary store'
      : undefined
  }

  #judge(node: ts.Node, scope: ts.Node): RoleOf {
    const exempt = exemptionOf(node, this.#project)
    if (exempt) return { role: 'exempt', ...exempt }
    const because = this.#implementations.at(node)
    if (because !== undefined) return { role: 'implementation', because }
    const factory = this.#factoryAround(scope)
    if (factory !== undefined) return { role: 'factory', because: factory }
    const ofModule = this.#modules.at(node)
    if (ofModule !== undefined) return { role: 'implementation', because: ofModule }
    return { role: 'application', because: 'nothing around it holds or makes a client' }
  }

  /** A factory: what it returns, or what the variable gets, is backed. */
  #factoryAround(scope: ts.Node): string | undefined {
    for (const { name, node } of containersOf(scope)) {
      if (!ts.isFunctionLike(node) || ts.isConstructorDeclaration(node) || !('body' in node) || !node.body)
        continue
      const made = this.#products.ofFunction(node as never).find(({ kind }) => isBacked(kind))
      if (made) return `${name || 'the function'} gives out a ${made.kind}`
    }
    if (!ts.isVariableDeclaration(scope) || !scope.initializer) return undefined
    const made = this.#products.of(scope.initializer).find(({ kind }) => isBacked(kind))
    return made && `${scope.name.getText()} is a ${made.kind} that is made here`
  }
}

/** The innermost thing that has a role of its own: a function, the variable at the top level, or the file. */
function scopeOf(node: ts.Node): ts.Node {
  for (let each = node; each.parent !== undefined; each = each.parent) {
    if (ts.isFunctionLike(each)) return each
    if (ts.isVariableDeclaration(each) && above(each, ts.isFunctionLike) === undefined) return each
    if (ts.isClassLike(each)) return each
  }
  return node.getSourceFile()
}
