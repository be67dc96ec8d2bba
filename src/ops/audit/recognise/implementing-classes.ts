import ts from 'typescript'
import type { Project } from '../project/project.js'
import { all, bare, isAssignment } from '../syntax.js'
import type { DirectOperations } from './direct-operations.js'
import { givenTo, holdsBackend } from './holding.js'
import type { Kinds, Made } from './kinds.js'
import { operationsInside } from './operations-inside.js'
import { otherWaitsIn } from './other-waits.js'
import type { Products } from './products.js'

export const IMPLEMENTS = new Set<Made | undefined>([
  'client',
  'cache',
  'limiter',
  'store',
  'pass-through',
  'queue',
])
// Stands between a request and who answers it, and asks for both.
export const IS_MIDDLEWARE = /middleware|interceptor/i
export const NAMED_FOR_IT = /cache|limit|throttl|redis|valkey|upstash/i

/** Tells the class that is a cache or limiter from the one that is only named for it. */
export class ImplementingClasses {
  readonly #project: Project
  readonly #kinds: Kinds
  readonly #products: Products
  readonly #direct: DirectOperations

  constructor(of: { project: Project; kinds: Kinds; products: Products; direct: DirectOperations }) {
    this.#project = of.project
    this.#kinds = of.kinds
    this.#products = of.products
    this.#direct = of.direct
  }

  holds(holder: ts.ClassLikeDeclaration): boolean {
    return holdsBackend(holder, { project: this.#project, kinds: this.#kinds, products: this.#products })
  }

  /** It waits for what its constructor is given, and fetches the client from elsewhere: no cache, whatever its name says. */
  isService(holder: ts.ClassLikeDeclaration): boolean {
    const given = givenTo(holder)
    if (given.size === 0 || this.holds(holder)) return false
    return otherWaitsIn(holder, operationsInside(holder, this.#direct), this.#products).some(
      ({ expression }) => given.has(fieldAskedBy(bare(expression))),
    )
  }

  /** It asks nothing but a cache of ours that a container hands in: whatever it is named for, the inside is there. */
  isCaller(holder: ts.ClassLikeDeclaration): boolean {
    const given = new Set([
      ...givenTo(holder),
      ...(IS_MIDDLEWARE.test(holder.name?.text ?? '') ? keptBy(holder) : []),
    ])
    const asked = operationsInside(holder, this.#direct)
    if (given.size === 0 || asked.length === 0 || IMPLEMENTS.has(this.#kinds.of(holder))) return false
    return asked.every(
      ({ kind, receiver }) => kind === 'cache' && given.has(fieldOf(receiver)) && this.#isOwn(receiver),
    )
  }

  #isOwn(receiver: ts.Expression): boolean {
    return this.#project
      .typeOf(receiver)
      .declarations.some((each) => ts.isClassLike(each) && !each.getSourceFile().isDeclarationFile)
  }
}

/** `constructor(cache) { this.cache = cache }`. */
function keptBy(holder: ts.ClassLikeDeclaration): string[] {
  return holder.members.filter(ts.isConstructorDeclaration).flatMap((maker) => {
    const names = new Set(maker.parameters.map(({ name }) => name.getText()))
    return all(maker, isAssignment)
      .filter(({ right }) => names.has(bare(right).getText()))
      .map(({ left }) => fieldOf(left))
  })
}

/** `quotes` of `this.quotes.find(id)`. */
function fieldAskedBy(call: ts.Expression): string {
  const callee = ts.isCallExpression(call) ? bare(call.expression) : call
  return fieldOf(ts.isPropertyAccessExpression(callee) ? callee.expression : callee)
}

/** `quotes` of `this.quotes`. */
function fieldOf(node: ts.Expression): string {
  const asked = bare(node)
  const isField = ts.isPropertyAccessExpression(asked) && asked.expression.kind === ts.SyntaxKind.ThisKeyword
  return isField ? asked.name.text : ''
}
