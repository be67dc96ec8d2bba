import ts from 'typescript'
import type { Project } from '../project/project.js'
import { above, all, bare, functionAt, isFunction, nameOf, own, type FunctionNode } from '../syntax.js'
import {
  containersOf,
  folderName,
  isExported,
  moduleName,
  nameGivenTo,
  outermostFunction,
} from './containers.js'
import type { DirectOperations, Operation } from './direct-operations.js'
import { isHandler } from './handlers.js'
import { givenTo, holdsBackend } from './holding.js'
import type { Kinds, Made } from './kinds.js'
import { shapeOfLiteral } from './literal-shape.js'
import { otherWaitsIn } from './other-waits.js'
import type { Ownership } from './ownership.js'
import type { Products } from './products.js'
import { answersCaller } from './shape.js'

const IMPLEMENTS = new Set<Made | undefined>(['client', 'cache', 'limiter', 'store', 'pass-through', 'queue'])
const NAMED_FOR_IT = /cache|limit|throttl|redis|valkey|upstash/i
const NAMES_LIMITER = /rate-?_?limit|limiter|throttl/i
const NAMES_MODULE = /cache|rate-?_?limit|limiter|throttl|redis|valkey|upstash|(?:^|[-_.])kv(?:$|[-_.])/i
// A folder of its own, whose parts are named for what they do: `cache/versions.ts`.
const IS_FOLDER = /^(?:cache|caching)$/i

/** Says which code is the inside of a cache or limiter, and why, in words for the reader of `--why`. */
export class Implementations {
  readonly #project: Project
  readonly #kinds: Kinds
  readonly #products: Products
  readonly #direct: DirectOperations
  readonly #ownership: Ownership

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
      (this.#holds(holder) || this.#operates(holder)) &&
      !this.#isService(holder) &&
      !this.#isCaller(holder)
      ? `it is in ${name}, which asks a client and is named for it`
      : undefined
  }

  #holds(holder: ts.ClassLikeDeclaration): boolean {
    return holdsBackend(holder, { project: this.#project, kinds: this.#kinds, products: this.#products })
  }

  /** It waits for what its constructor is given, and fetches the client from elsewhere: no cache, whatever its name says. */
  #isService(holder: ts.ClassLikeDeclaration): boolean {
    const given = givenTo(holder)
    if (given.size === 0 || this.#holds(holder)) return false
    return otherWaitsIn(holder, this.#directIn(holder), this.#products).some(({ expression }) =>
      given.has(fieldAskedBy(bare(expression))),
    )
  }

  /** It asks nothing but a cache of ours that a container hands in: whatever it is named for, the inside is there. */
  #isCaller(holder: ts.ClassLikeDeclaration): boolean {
    const given = givenTo(holder)
    const asked = this.#directIn(holder)
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
    if (!outer || !this.#isNamedForLimiter(outer, name) || !this.#operates(outer)) return undefined
    if (isHelperOfHandlers(outer)) return undefined
    // A middleware that asks a limiter is its caller; one that counts with a client, or whose module makes the limiter, is it.
    const isMiddleware = all(outer, isFunction).some(isHandler) || wrapsHandler(outer)
    const isItsOwn =
      NAMES_LIMITER.test(moduleName(outer.getSourceFile())) && this.#ownership.keeps(outer.getSourceFile())
    const asked = this.#directIn(outer)
    if (isMiddleware && !isItsOwn && asked.every(({ kind }) => kind === 'limiter')) return undefined
    if (asked.every((each) => each.kind === 'limiter' && this.#isGiven(each.receiver, outer)))
      return undefined
    if (!makesThing(outer) && asked.every((each) => this.#isAnothers(each))) return undefined
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

  /** The module around a node, where it owns a client or is one that asks it. */
  ofModule(node: ts.Node): string | undefined {
    const outer = outermostFunction(node)
    if (outer && isHandler(outer)) return undefined
    const file = node.getSourceFile()
    const holder = above(node, ts.isClassLike)
    if (holder && (!NAMED_FOR_IT.test(moduleName(file)) || this.#isService(holder) || this.#isCaller(holder)))
      return undefined
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

  /** It also waits for what its callers want, and only happens to stand in a module that has a client of its own. */
  #hasOtherWork(outer: FunctionNode): boolean {
    if (!isExported(outer)) return false
    return otherWaitsIn(outer.body, this.#directIn(outer), this.#products).some(
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
    return callee !== undefined && callee !== outer && this.#operates(callee)
  }

  #operates(node: ts.Node): boolean {
    return this.#directIn(node).length > 0
  }

  /** What is known by its name alone is implemented elsewhere. */
  #asks(file: ts.SourceFile, outer: FunctionNode | undefined): boolean {
    const isMaker = outer !== undefined && makesThing(outer)
    return this.#directIn(file).some((each) => !each.isByName && (isMaker || !this.#isAnothers(each)))
  }

  /** A limiter of ours out of another file: the inside is there, and whoever asks it is a caller. */
  #isAnothers({ kind, receiver }: Operation): boolean {
    if (kind !== 'limiter') return false
    const { declarations } = this.#project.typeOf(receiver)
    return (
      declarations.length > 0 &&
      declarations.every((each) => {
        const file = each.getSourceFile()
        return !file.isDeclarationFile && file !== receiver.getSourceFile()
      })
    )
  }

  #directIn(node: ts.Node): Operation[] {
    return this.#direct
      .in(node.getSourceFile())
      .filter(({ call }) => call.pos >= node.pos && call.end <= node.end)
  }
}

/** `createLimiter(backend) { …; return new GuardedLimiter(backend) }`: what it is given becomes the inside of what it makes. */
function makesThing(outer: FunctionNode): boolean {
  return own(outer.body, ts.isReturnStatement).some(
    ({ expression }) => expression !== undefined && ts.isNewExpression(bare(expression)),
  )
}

/** `withLimit(handler) { return (req, ctx) => … }`: a part of what answers requests. */
function wrapsHandler(outer: FunctionNode): boolean {
  const given = new Set(outer.parameters.map(({ name }) => name.getText()))
  return all(outer.body, isFunction).some(
    (inner) =>
      inner.parameters.length > 0 &&
      all(inner.body, ts.isCallExpression).some(
        (call) =>
          given.has(call.expression.getText()) &&
          call.arguments[0]?.getText() === inner.parameters[0]!.name.getText(),
      ),
  )
}

/** What only the handlers in its own file can ask is part of them, whatever it is named for. */
function isHelperOfHandlers(node: FunctionNode): boolean {
  if (isExported(node)) return false
  const exported = all(node.getSourceFile(), isFunction).filter(isExported)
  return exported.length > 0 && exported.every(isHandler)
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
