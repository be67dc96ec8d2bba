import ts from 'typescript'
import type { Project } from '../project/project.js'
import { all, bare, functionAt, hasModifier, nameOf, type FunctionNode } from '../syntax.js'
import { bindingOf } from './bindings.js'
import { boundMethod } from './bound-methods.js'
import { isBacked } from './kinds.js'
import { asks } from './named-backends.js'
import { kindIn, packageAt } from './packages.js'
import type { Products } from './products.js'
import { fills, methodOf, type Asked, type Receivers } from './receivers.js'

/** A call that asks a client, cache or limiter for something, and which may therefore fail or never answer. */
export interface Operation {
  call: ts.CallExpression
  kind: Asked
  method: string
  /** What is asked; of a function that does it, the function's name. */
  receiver: ts.Expression
  /** A function of ours that does it: `cacheGet(key)`, or with a client that it is given, `deleteAll(redis, keys)`. */
  through?: FunctionNode
  /** What is asked is known by its name alone. */
  isByName?: true
}

// What is done with a connection besides using it.
const LIFECYCLE =
  /^(?:on|once|off|addListener|removeListener|removeAllListeners|prependListener|emit|connect|quit|disconnect|disconnectAsync|close|end|destroy|dispose|duplicate|status|isOpen|isReady|setMaxListeners|defineCommand|use|bind|withTypeMapping|nodes)$/
// Methods of arrays, texts, promises, loggers and validators; asking what each of their receivers is would take the time.
const EVERYDAY =
  /^(?:map|flatMap|filter|forEach|reduce|push|pop|shift|some|every|find|findIndex|includes|indexOf|join|split|slice|concat|sort|reverse|replace|replaceAll|trim|toLowerCase|toUpperCase|startsWith|endsWith|padStart|toString|toFixed|toISOString|getTime|then|catch|finally|log|warn|debug|json|parse|safeParse|stringify|test|match|from|where|and|or|eq|select|optional|nullable|object|array|string|number|boolean|enum|describe|default|min|max|now|floor|ceil|round)$/
const SENDS = /^(?:exec|execAsPipeline|execTyped|execBuffer)$/

/** The operations that stand in a file as calls of a client, cache or limiter, or of a function that is given one. */
export class DirectOperations {
  readonly #project: Project
  readonly #products: Products
  readonly #receivers: Receivers
  readonly #byFile = new Map<ts.SourceFile, Operation[]>()
  readonly #givenOperations = new Map<ts.ParameterDeclaration, boolean>()

  constructor(project: Project, products: Products, receivers: Receivers) {
    this.#project = project
    this.#products = products
    this.#receivers = receivers
  }

  /** In the order of the code. */
  in(file: ts.SourceFile): readonly Operation[] {
    const known = this.#byFile.get(file)
    if (known) return known
    const found = all(file, ts.isCallExpression).flatMap((call) => this.#at(call) ?? [])
    this.#byFile.set(file, found)
    return found
  }

  #at(call: ts.CallExpression): Operation | undefined {
    const target = methodOf(call)
    return (target ? this.#ofMethod(call, target) : this.#ofBound(call)) ?? this.#ofGiven(call)
  }

  #ofMethod(
    call: ts.CallExpression,
    { receiver, method }: { receiver: ts.Expression; method: string },
  ): Operation | undefined {
    if (LIFECYCLE.test(method) || fills(method)) return undefined
    if (SENDS.test(method)) {
      const client = this.#receivers.pipelined(receiver)
      if (client) return { call, kind: 'client', method, receiver: client }
    }
    if (EVERYDAY.test(method)) return undefined
    const kind = this.#receivers.of(receiver)
    if (kind === undefined || this.#isClass(receiver) || !this.#mayFail(call)) return undefined
    // What a cache asks of itself is no operation: what that asks of the client is.
    if (bare(receiver).kind === ts.SyntaxKind.ThisKeyword && kind !== 'client') return undefined
    if (kind === 'client' || !this.#receivers.isByName(receiver)) return { call, kind, method, receiver }
    return asks(method) ? { call, kind, method, receiver, isByName: true } : undefined
  }

  /** `const { get } = redis`, `const get = redis.get.bind(redis)`, `const get = promisify(redis.get).bind(redis)`. */
  #ofBound(call: ts.CallExpression): Operation | undefined {
    const callee = bare(call.expression)
    const declaration = ts.isIdentifier(callee) ? this.#project.declarationOf(callee) : undefined
    if (!declaration) return undefined
    const bound = boundMethod(declaration)
    const kind = bound && !LIFECYCLE.test(bound.method) ? this.#receivers.of(bound.receiver) : undefined
    return bound && kind ? { call, kind, method: bound.method, receiver: bound.receiver } : undefined
  }

  /** `deleteAll(redis, keys)`: a function of ours that uses the client it is given. */
  #ofGiven(call: ts.CallExpression): Operation | undefined {
    if (call.arguments.length === 0) return undefined
    const callee = this.#calleeOf(call)
    if (!callee) return undefined
    const index = call.arguments.findIndex((each, at) => {
      const parameter = callee.parameters[at]
      const isName = ts.isIdentifier(bare(each)) || ts.isPropertyAccessExpression(bare(each))
      return parameter && isName && this.#uses(parameter, callee) && this.#receivers.of(each) === 'client'
    })
    const receiver = call.arguments[index]
    if (!receiver || !this.#mayFail(call)) return undefined
    return { call, kind: 'client', method: call.expression.getText(), receiver, through: callee }
  }

  #uses(parameter: ts.ParameterDeclaration, callee: FunctionNode): boolean {
    const known = this.#givenOperations.get(parameter)
    if (known !== undefined) return known
    // One that calls itself is asked about only once.
    this.#givenOperations.set(parameter, false)
    const isIt = (node: ts.Expression): boolean => {
      const value = bare(node)
      return isCalled(value, parameter.name) && this.#project.declarationOf(value) === parameter
    }
    const uses = all(callee.body, ts.isCallExpression).some((call) => {
      const target = methodOf(call)
      if (target && isIt(target.receiver)) return !LIFECYCLE.test(target.method)
      const at = call.arguments.findIndex(isIt)
      const next = at >= 0 ? this.#calleeOf(call) : undefined
      const given = next?.parameters[at]
      return given !== undefined && next !== undefined && this.#uses(given, next)
    })
    this.#givenOperations.set(parameter, uses)
    return uses
  }

  /** Waited for, of a cache or a Map with the same methods: the checker names the one that answers at once. */
  #mayBeAnother(call: ts.CallExpression): boolean {
    const target = ts.isAwaitExpression(call.parent) ? methodOf(call) : undefined
    const kinds = target ? this.#products.of(target.receiver).map(({ kind }) => kind) : []
    return kinds.includes('memory') && kinds.some(isBacked)
  }

  #calleeOf(call: ts.CallExpression): FunctionNode | undefined {
    const declaration = this.#project.declarationOf(nameOf(bare(call.expression)))
    return declaration && functionAt(declaration)
  }

  /** `Ratelimit.slidingWindow(…)`, `Redis.fromEnv()`: the class of a package is not the thing that it makes. */
  #isClass(receiver: ts.Expression): boolean {
    const bound = bindingOf(receiver, this.#project)
    return bound !== undefined && kindIn(bound.package, bound.name) !== undefined
  }

  /** It answers later, and with a value: one that answers at once asks nobody, one that gives out a client is an accessor. */
  #mayFail(call: ts.CallExpression): boolean {
    const callee = this.#calleeOf(call)
    if (!callee || packageAt(callee.getSourceFile().fileName) !== undefined) return true
    if (!hasModifier(callee, ts.SyntaxKind.AsyncKeyword)) {
      const answer = this.#project.returnTypeOf(callee as ts.SignatureDeclaration)
      if (!answer.isAny && !answer.isPromise && !this.#mayBeAnother(call)) return false
    }
    return !this.#products.of(call).some(({ kind }) => isBacked(kind))
  }
}

/** Whether a method does something with a connection besides using it. */
export function isLifecycle(method: string): boolean {
  return LIFECYCLE.test(method)
}

function isCalled(node: ts.Expression, name: ts.BindingName): boolean {
  return ts.isIdentifier(node) && ts.isIdentifier(name) && node.text === name.text
}
