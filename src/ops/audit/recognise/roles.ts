import ts from 'typescript'
import type { Project } from '../project/project.js'
import { above } from '../syntax.js'
import { containersOf, moduleName, nameGivenTo, outermostFunction } from './containers.js'
import type { DirectOperations, Operation } from './direct-operations.js'
import { exemptionOf, exemptionOfOperation, type Exemption } from './exemptions.js'
import { isHandler } from './handlers.js'
import { isBacked, type Kinds, type Made } from './kinds.js'
import { shapeOfLiteral } from './literal-shape.js'
import type { Ownership } from './ownership.js'
import type { Products } from './products.js'
import { heldBy } from './shape.js'

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

const IMPLEMENTS = new Set<Made | undefined>(['client', 'cache', 'limiter', 'store', 'pass-through', 'queue'])
const NAMED_FOR_IT = /cache|limit|throttl|redis|valkey|upstash/i
const NAMES_LIMITER = /rate-?_?limit|limiter|throttl/i
const NAMES_MODULE = /cache|rate-?_?limit|limiter|throttl|redis|valkey|upstash|(?:^|[-_.])kv(?:$|[-_.])/i

/** The role of the code that a node stands in. */
export class Roles {
  readonly #project: Project
  readonly #kinds: Kinds
  readonly #products: Products
  readonly #direct: DirectOperations
  readonly #ownership: Ownership
  readonly #known = new Map<ts.Node, RoleOf>()

  constructor(of: {
    project: Project
    kinds: Kinds
    products: Products
    direct: DirectOperations
    ownership: Ownership
  }) {
    this.#project = of.project
    this.#kinds = of.kinds
    this.#products = of.products
    this.#direct = of.direct
    this.#ownership = of.ownership
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
    const exemption = exemptionOfOperation(operation)
    if (exemption === undefined) return this.of(operation.call)
    return { role: 'exempt', exemption, because: `${operation.method} is ${exemption}` }
  }

  #judge(node: ts.Node, scope: ts.Node): RoleOf {
    const exempt = exemptionOf(node)
    if (exempt) return { role: 'exempt', ...exempt }
    const because =
      this.#ofClass(above(node, ts.isClassLike)) ??
      this.#ofObject(node) ??
      this.#ofFunction(outermostFunction(node))
    if (because !== undefined) return { role: 'implementation', because }
    const factory = this.#factoryAround(scope)
    if (factory !== undefined) return { role: 'factory', because: factory }
    const ofModule = this.#ofModule(node)
    if (ofModule !== undefined) return { role: 'implementation', because: ofModule }
    return { role: 'application', because: 'nothing around it holds or makes a client' }
  }

  #ofClass(holder: ts.ClassLikeDeclaration | undefined): string | undefined {
    if (!holder) return undefined
    const kind = this.#kinds.of(holder)
    const name = holder.name?.text ?? nameGivenTo(holder)
    if (IMPLEMENTS.has(kind)) return `it is in ${name || 'a class'}, a ${kind}`
    if (!NAMED_FOR_IT.test(name)) return undefined
    const holds = heldBy(holder).some(
      ({ declaration, values }) =>
        isBacked(this.#kinds.ofType(this.#project.typeOf(declaration))) ||
        values.some((value) => this.#products.of(value).some((each) => isBacked(each.kind))),
    )
    return holds || this.#operates(holder)
      ? `it is in ${name}, which asks a client and is named for it`
      : undefined
  }

  /** `{ async get() {…}, async set() {…} }`: a class without the word. */
  #ofObject(node: ts.Node): string | undefined {
    for (const { node: container } of containersOf(node)) {
      if (!ts.isObjectLiteralExpression(container)) continue
      const shape = shapeOfLiteral(container, this.#project)
      if (shape) return `it is in an object that is a ${shape}`
    }
    return undefined
  }

  #ofFunction(outer: ts.Node | undefined): string | undefined {
    const name = outer ? nameGivenTo(outer) : ''
    if (!outer || !NAMES_LIMITER.test(name) || !this.#operates(outer)) return undefined
    return `it is in ${name}, which asks a client and is named for a limiter`
  }

  #ofModule(node: ts.Node): string | undefined {
    const outer = outermostFunction(node)
    if (outer && isHandler(outer)) return undefined
    if (above(node, ts.isClassLike) && !NAMED_FOR_IT.test(moduleName(node.getSourceFile()))) return undefined
    const file = node.getSourceFile()
    const owned = this.#ownership.in(file)
    if (owned !== undefined) return `its module makes the client ${owned} and gives out what is done with it`
    const name = moduleName(file)
    if (!NAMES_MODULE.test(name) || !this.#operates(file)) return undefined
    return `its module ${name} asks a client and is named for it`
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

  #operates(node: ts.Node): boolean {
    return this.#direct
      .in(node.getSourceFile())
      .some(({ call }) => call.pos >= node.pos && call.end <= node.end)
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
