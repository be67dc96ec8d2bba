import ts from 'typescript'
import type { Project } from '../project/project.js'
import { above, all, bare, functionAt, isFunction, nameOf, type FunctionNode } from '../syntax.js'
import { folderName, isExported, moduleName, nameGivenTo, outermostFunction } from './containers.js'
import type { DirectOperations } from './direct-operations.js'
import { isHandler, wrapsHandler } from './handlers.js'
import { IS_MIDDLEWARE, NAMED_FOR_IT, type ImplementingClasses } from './implementing-classes.js'
import { isAnothers, makesThing, operationsInside } from './operations-inside.js'
import { otherWaitsIn } from './other-waits.js'
import type { Ownership } from './ownership.js'
import type { Products } from './products.js'

const NAMES_MODULE = /cache|rate-?_?limit|limiter|throttl|redis|valkey|upstash|(?:^|[-_.])kv(?:$|[-_.])/i
// A folder of its own, whose parts are named for what they do: `cache/versions.ts`.
const IS_FOLDER = /^(?:cache|caching)$/i

/** Says which modules are the inside of a cache or limiter, and why, in words for the reader of `--why`. */
export class ImplementingModules {
  readonly #project: Project
  readonly #products: Products
  readonly #direct: DirectOperations
  readonly #ownership: Ownership
  readonly #classes: ImplementingClasses

  constructor(of: {
    project: Project
    products: Products
    direct: DirectOperations
    ownership: Ownership
    classes: ImplementingClasses
  }) {
    this.#project = of.project
    this.#products = of.products
    this.#direct = of.direct
    this.#ownership = of.ownership
    this.#classes = of.classes
  }

  /** The module around a node, where it owns a client or is one that asks it. */
  at(node: ts.Node): string | undefined {
    const outer = outermostFunction(node)
    if (outer && isHandler(outer)) return undefined
    const file = node.getSourceFile()
    const holder = above(node, ts.isClassLike)
    if (
      holder &&
      (!NAMED_FOR_IT.test(moduleName(file)) ||
        this.#classes.isService(holder) ||
        this.#classes.isCaller(holder))
    )
      return undefined
    if (outer && this.#isMiddleware(outer)) return undefined
    const module = moduleName(file)
    const folder = folderName(file)
    const name = NAMES_MODULE.test(module) ? module : IS_FOLDER.test(folder) ? folder : undefined
    const owned = this.#ownership.in(file)
    const isCaller = name === undefined && outer && (this.#hasOtherWork(outer) || wrapsHandler(outer))
    if (owned !== undefined && !isCaller)
      return `its module makes the client ${owned} and gives out what is done with it`
    if (name === undefined || !this.#asks(file, outer)) return undefined
    return `its module ${name} asks a client and is named for it`
  }

  /** A middleware that is handed a cache of ours only asks it. */
  #isMiddleware(outer: FunctionNode): boolean {
    if (!IS_MIDDLEWARE.test(nameGivenTo(outer)) || !all(outer.body, isFunction).some(isHandler)) return false
    const asked = operationsInside(outer, this.#direct)
    return (
      asked.length > 0 &&
      asked.every(({ kind, receiver }) => {
        const declaration = kind === 'cache' ? this.#project.declarationOf(bare(receiver)) : undefined
        const isGiven =
          declaration !== undefined && ts.isParameter(declaration) && declaration.parent === outer
        const { declarations } = this.#project.typeOf(receiver)
        return (
          isGiven &&
          declarations.some((each) => ts.isClassLike(each) && !each.getSourceFile().isDeclarationFile)
        )
      })
    )
  }

  /** It also waits for what its callers want, and only happens to stand in a module that has a client of its own. */
  #hasOtherWork(outer: FunctionNode): boolean {
    if (!isExported(outer)) return false
    return otherWaitsIn(outer.body, operationsInside(outer, this.#direct), this.#products).some(
      ({ expression }) => !this.#isPartOfAsking(bare(expression), outer),
    )
  }

  /** `await load()`, of what it is given, and a function beside it that asks the client. */
  #isPartOfAsking(waited: ts.Expression, outer: FunctionNode): boolean {
    if (!ts.isCallExpression(waited)) return true
    const declaration = this.#project.declarationOf(nameOf(bare(waited.expression)))
    if (!declaration) return false
    if (above(declaration, ts.isParameter) !== undefined || ts.isParameter(declaration)) return true
    const callee = functionAt(declaration)
    return callee !== undefined && callee !== outer && operationsInside(callee, this.#direct).length > 0
  }

  /** What is known by its name alone is implemented elsewhere. */
  #asks(file: ts.SourceFile, outer: FunctionNode | undefined): boolean {
    const isMaker = outer !== undefined && makesThing(outer)
    return operationsInside(file, this.#direct).some(
      (each) => !each.isByName && (isMaker || !isAnothers(each, this.#project)),
    )
  }
}
