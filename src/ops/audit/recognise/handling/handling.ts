import ts from 'typescript'
import type { Project } from '../../project/project.js'
import type { References } from '../../project/references.js'
import { all, bare, hasModifier, type FunctionNode } from '../../syntax.js'
import type { Implementers } from '../implementers.js'
import type { Operation, Operations } from '../operations.js'
import type { Products } from '../products.js'
import { failureReaches } from './failure-reach.js'
import { handlersIn, type Handler } from './handler.js'
import { Helpers } from './helpers.js'

export type { Handler } from './handler.js'

// Functions that call functions are read through; a failure is seldom handled further away than this.
const MAX_DEPTH = 6

// A cache or limiter whose file names none keeps everything in the process, and has nothing to lose.
const NAMES_BACKEND = /redis|valkey|upstash|\bkv\b|memcache|dynamo/i

/** Who handles the failure of which operation: try and catch, rejections, helpers that are given the operation, decorators. */
export class Handling {
  readonly #project: Project
  readonly #implementers: Implementers
  readonly #helpers: Helpers
  readonly #operations: Operations
  readonly #products: Products
  readonly #byFile = new Map<ts.SourceFile, Handler[]>()
  readonly #escaping = new Map<ts.Node, Operation[]>()
  #depth = 0

  constructor(of: {
    project: Project
    references: References
    operations: Operations
    products: Products
    implementers: Implementers
  }) {
    this.#project = of.project
    this.#implementers = of.implementers
    this.#helpers = new Helpers(of, (method) => this.escapingFrom(method))
    this.#operations = of.operations
    this.#products = of.products
  }

  /** In the order of the code; also those that guard no operation. */
  in(file: ts.SourceFile): readonly Handler[] {
    const known = this.#byFile.get(file)
    if (known) return known
    const handlers = handlersIn(file, this.#project)
    this.#byFile.set(file, handlers)
    return handlers
  }

  /**
   * The operations whose failure ends in the handler, also those of functions that are called or given to it; commands
   * first.
   */
  guardedBy(handler: Handler): readonly Operation[] {
    const { guarded } = handler
    return [...this.#failingIn(guarded), ...this.#helpers.givenTo(guarded)].sort(byWeight)
  }

  /** The operations whose failure leaves the function. */
  escapingFrom(node: FunctionNode): readonly Operation[] {
    const known = this.#escaping.get(node)
    if (known) return known
    if (this.#depth > MAX_DEPTH) return []
    // A function that calls itself is asked about only once.
    this.#escaping.set(node, [])
    this.#depth += 1
    const found = this.#failingIn(node.body)
    this.#depth -= 1
    this.#escaping.set(node, found)
    return found
  }

  /** Operations that fail where the code stands, connecting included: who connects depends on the backend as well. */
  #failingIn(edge: ts.Node): Operation[] {
    const asked = this.#operations.within(edge).filter(({ receiver }) => !isThis(receiver))
    const failing = asked.filter((each) => this.#mayFail(each))
    const found = [...failing, ...this.#connecting(edge)].filter(({ call }) =>
      failureReaches(call, edge, this.#project),
    )
    const isKnown = new Set<ts.Node>(asked.map(({ call }) => call))
    for (const call of all(edge, ts.isCallExpression)) {
      if (isKnown.has(call) || !failureReaches(call, edge, this.#project)) continue
      found.push(...this.#implementers.calleesOf(call).flatMap((callee) => this.escapingFrom(callee)))
    }
    return found
  }

  /** Not when it is a method of ours that handles the failures of all that it does. */
  #mayFail({ call, kind }: Operation): boolean {
    if (kind === 'client') return true
    const callees = this.#implementers.calleesOf(call)
    return callees.length === 0 || callees.some((callee) => this.#lets(callee))
  }

  /** Whether a function lets through what it asks, as far as that is in sight. */
  #lets(node: FunctionNode): boolean {
    if (this.escapingFrom(node).length > 0) return true
    return (
      this.#operations.within(node.body).length === 0 &&
      hasModifier(node, ts.SyntaxKind.AsyncKeyword) &&
      NAMES_BACKEND.test(node.getSourceFile().text)
    )
  }

  #connecting(node: ts.Node): Operation[] {
    return all(node, ts.isCallExpression).flatMap((call): Operation[] => {
      const callee = bare(call.expression)
      if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'connect') return []
      const receiver = callee.expression
      const isClient = this.#products.of(receiver).some(({ kind }) => kind === 'client')
      return isClient ? [{ call, kind: 'client', method: 'connect', receiver }] : []
    })
  }
}

function byWeight(a: Operation, b: Operation): number {
  const weight = ({ kind, method }: Operation) => (method === 'connect' ? 2 : kind === 'client' ? 0 : 1)
  return weight(a) - weight(b)
}

// What a class asks of itself is read, and is no operation.
function isThis(node: ts.Node): boolean {
  return node.kind === ts.SyntaxKind.ThisKeyword || node.kind === ts.SyntaxKind.SuperKeyword
}
