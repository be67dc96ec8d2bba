import ts from 'typescript'
import type { Project } from '../project/project.js'
import { above, all, bare, isFunction, type FunctionNode } from '../syntax.js'
import { containersOf, moduleName, nameGivenTo, outermostFunction } from './containers.js'
import type { DirectOperations } from './direct-operations.js'
import { isHandler, isHelperOfHandlers, wrapsHandler } from './handlers.js'
import { IMPLEMENTS, NAMED_FOR_IT, type ImplementingClasses } from './implementing-classes.js'
import type { Kinds } from './kinds.js'
import { shapeOfLiteral } from './literal-shape.js'
import { isAnothers, makesThing, operationsInside } from './operations-inside.js'
import type { Ownership } from './ownership.js'
import { answersCaller } from './shape.js'

const NAMES_LIMITER = /rate-?_?limit|limiter|throttl/i

/** Says which code is the inside of a cache or limiter, and why, in words for the reader of `--why`. */
export class Implementations {
  readonly #project: Project
  readonly #kinds: Kinds
  readonly #direct: DirectOperations
  readonly #ownership: Ownership
  readonly #classes: ImplementingClasses

  constructor(of: {
    project: Project
    kinds: Kinds
    direct: DirectOperations
    ownership: Ownership
    classes: ImplementingClasses
  }) {
    this.#project = of.project
    this.#kinds = of.kinds
    this.#direct = of.direct
    this.#ownership = of.ownership
    this.#classes = of.classes
  }

  /** The class, object or function around a node. */
  at(node: ts.Node): string | undefined {
    return (
      this.#ofClass(above(node, ts.isClassLike)) ??
      this.#ofObject(node) ??
      this.#ofFunction(outermostFunction(node))
    )
  }

  #ofClass(holder: ts.ClassLikeDeclaration | undefined): string | undefined {
    if (!holder) return undefined
    const kind = this.#kinds.of(holder)
    const name = holder.name?.text ?? nameGivenTo(holder)
    if (IMPLEMENTS.has(kind)) return `it is in ${name || 'a class'}, a ${kind}`
    return NAMED_FOR_IT.test(name) &&
      (this.#classes.holds(holder) || operationsInside(holder, this.#direct).length > 0) &&
      !this.#classes.isService(holder) &&
      !this.#classes.isCaller(holder)
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

  #ofFunction(outer: FunctionNode | undefined): string | undefined {
    const name = outer ? nameGivenTo(outer) : ''
    if (!outer || !this.#isNamedForLimiter(outer, name) || operationsInside(outer, this.#direct).length === 0)
      return undefined
    if (isHelperOfHandlers(outer)) return undefined
    // A middleware that asks a limiter is its caller; one that counts with a client, or whose module makes the limiter, is it.
    const isMiddleware = all(outer, isFunction).some(isHandler) || wrapsHandler(outer)
    const isItsOwn =
      NAMES_LIMITER.test(moduleName(outer.getSourceFile())) && this.#ownership.keeps(outer.getSourceFile())
    const asked = operationsInside(outer, this.#direct)
    if (isMiddleware && !isItsOwn && asked.every(({ kind }) => kind === 'limiter')) return undefined
    if (asked.every((each) => each.kind === 'limiter' && this.#isGiven(each.receiver, outer)))
      return undefined
    if (!makesThing(outer) && asked.every((each) => isAnothers(each, this.#project))) return undefined
    return `it is in ${name}, which asks a client and is named for a limiter`
  }

  /** A limiter that the function is handed: it is asked there, and implemented elsewhere. */
  #isGiven(receiver: ts.Expression, to: FunctionNode): boolean {
    let declaration: ts.Node | undefined = this.#project.declarationOf(bare(receiver))
    while (declaration && (ts.isBindingElement(declaration) || ts.isObjectBindingPattern(declaration)))
      declaration = declaration.parent
    return declaration !== undefined && ts.isParameter(declaration) && declaration.parent === to
  }

  /** `checkGuestLimit` says whether the guest may go on. */
  #isNamedForLimiter(node: FunctionNode, name: string): boolean {
    if (NAMES_LIMITER.test(name)) return true
    return /limit/i.test(name) && answersCaller(node as ts.SignatureDeclaration, this.#project)
  }
}
