import ts from 'typescript'
import type { Project } from '../project/project.js'
import type { References } from '../project/references.js'
import {
  above,
  all,
  bare,
  functionAt,
  hasModifier,
  isFunction,
  lastName,
  nameOf,
  type FunctionNode,
} from '../syntax.js'
import { callbackOf } from './callbacks.js'
import { failureReaches } from './failure-reach.js'
import type { Operation, Operations } from './operations.js'
import type { Products } from './products.js'

/** Code that runs when other code has failed. */
export interface Handler {
  /** Where it stands: the catch clause, or the name of the method that attaches the callback. */
  node: ts.Node
  kind: 'catch' | 'rejection'
  /** What may fail: the block of the try, or the promise. */
  guarded: ts.Node
  /** What runs then; undefined where it is out of sight. */
  body: ts.Node | undefined
  /** The callback as it is given, where it is one. */
  callback?: ts.Expression
  /** The name of the error. */
  error: ts.Identifier | undefined
}

// Functions that call functions are read through; a failure is seldom handled further away than this.
const MAX_DEPTH = 4

// A cache or limiter whose file names none keeps everything in the process, and has nothing to lose.
const NAMES_BACKEND = /redis|valkey|upstash|\bkv\b|memcache|dynamo/i

/** Who handles the failure of which operation: try and catch, rejections, helpers that are given the operation, decorators. */
export class Handling {
  readonly #project: Project
  readonly #references: References
  readonly #operations: Operations
  readonly #products: Products
  readonly #byFile = new Map<ts.SourceFile, Handler[]>()
  readonly #escaping = new Map<ts.Node, Operation[]>()
  #depth = 0

  constructor(of: { project: Project; references: References; operations: Operations; products: Products }) {
    this.#project = of.project
    this.#references = of.references
    this.#operations = of.operations
    this.#products = of.products
  }

  /** In the order of the code; also those that guard no operation. */
  in(file: ts.SourceFile): readonly Handler[] {
    const known = this.#byFile.get(file)
    if (known) return known
    const handlers = [
      ...all(file, ts.isTryStatement).flatMap(ofTry),
      ...all(file, ts.isCallExpression).flatMap((call) => this.#ofRejection(call)),
    ].sort((a, b) => a.node.getStart() - b.node.getStart())
    this.#byFile.set(file, handlers)
    return handlers
  }

  /**
   * The operations whose failure ends in the handler, also those of functions that are called or given to it; commands
   * first.
   */
  guardedBy(handler: Handler): readonly Operation[] {
    const { guarded } = handler
    return [...this.#failingIn(guarded), ...this.#given(guarded), ...this.#decorated(guarded)].sort(byWeight)
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
    const found = [...failing, ...this.#connecting(edge)].filter(({ call }) => failureReaches(call, edge))
    const isKnown = new Set<ts.Node>(asked.map(({ call }) => call))
    for (const call of all(edge, ts.isCallExpression)) {
      if (isKnown.has(call) || !failureReaches(call, edge)) continue
      const callee = this.#calleeOf(call)
      if (callee) found.push(...this.escapingFrom(callee))
    }
    return found
  }

  /** Not when it is a method of ours that handles the failures of all that it does. */
  #mayFail({ call, kind }: Operation): boolean {
    if (kind === 'client') return true
    const callee = this.#calleeOf(call)
    if (!callee) return true
    if (this.#operations.within(callee.body).length === 0) {
      return (
        hasModifier(callee, ts.SyntaxKind.AsyncKeyword) && NAMES_BACKEND.test(callee.getSourceFile().text)
      )
    }
    return this.escapingFrom(callee).length > 0
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

  #calleeOf(call: ts.CallExpression): FunctionNode | undefined {
    const callee = bare(call.expression)
    if (isFunction(callee)) return callee
    const declaration = this.#project.declarationOf(nameOf(callee))
    return declaration && functionAt(declaration)
  }

  /** A helper that is given the operation, as a closure or a promise: `safely(() => redis.get(key))`. */
  #given(guarded: ts.Node): Operation[] {
    const helper = above(guarded, isFunction)
    if (!helper || helper.parameters.length === 0) return []
    const given = helper.parameters.flatMap((parameter, index) => {
      const isUsed = all(guarded, ts.isIdentifier).some(
        (name) =>
          name.text === parameter.name.getText() &&
          runs(name) &&
          this.#project.declarationOf(name) === parameter,
      )
      return isUsed ? [index] : []
    })
    if (given.length === 0) return []
    return this.#callsOf(helper).flatMap((call) =>
      given.flatMap((index) => {
        const argument = call.arguments[index]
        return argument ? this.#operations.within(argument).filter((each) => isPassed(each, argument)) : []
      }),
    )
  }

  #callsOf(node: FunctionNode): ts.CallExpression[] {
    const named = (node.name ? node : node.parent) as ts.NamedDeclaration
    return this.#references.to(named).flatMap((use) => {
      const callee = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
      const { parent } = callee
      return ts.isCallExpression(parent) && parent.expression === callee ? [parent] : []
    })
  }

  /** `const original = descriptor.value` within a decorator: what is called are the methods that carry it. */
  #decorated(guarded: ts.Node): Operation[] {
    const isOriginal = all(guarded, ts.isIdentifier).some((name) => {
      const declaration = this.#project.declarationOf(name)
      const isLocal = declaration !== undefined && ts.isVariableDeclaration(declaration)
      return (
        isLocal &&
        declaration.initializer !== undefined &&
        /^\w+\.value\b/.test(declaration.initializer.getText())
      )
    })
    let decorator: FunctionNode | undefined
    for (let each = above(guarded, isFunction); isOriginal && each; each = above(each, isFunction))
      decorator = each
    if (!decorator) return []
    const named = (decorator.name ? decorator : decorator.parent) as ts.NamedDeclaration
    return this.#references.to(named).flatMap((use) => {
      const method = above(use, ts.isDecorator)?.parent
      return method && isFunction(method) ? this.escapingFrom(method) : []
    })
  }

  #ofRejection(call: ts.CallExpression): Handler[] {
    const { expression: callee } = call
    if (!ts.isPropertyAccessExpression(callee)) return []
    const { text } = callee.name
    const callback = text === 'catch' ? call.arguments[0] : text === 'then' ? call.arguments[1] : undefined
    if (!callback) return []
    const { body, error } = callbackOf(callback, this.#project)
    const node = text === 'then' ? callback : callee.name
    return [{ node, kind: 'rejection', guarded: callee.expression, body, callback, error }]
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

function ofTry({ tryBlock, catchClause }: ts.TryStatement): Handler[] {
  if (!catchClause) return []
  const name = catchClause.variableDeclaration?.name
  const error = name && ts.isIdentifier(name) ? name : undefined
  return [{ node: catchClause, kind: 'catch', guarded: tryBlock, body: catchClause.block, error }]
}

/** Whether a parameter is run or waited for where it stands: `fn()`, `fn.call(this)`, `await promise`, `promise.then(…)`. */
function runs(name: ts.Identifier): boolean {
  const { parent } = name
  if (ts.isCallExpression(parent)) return parent.expression === name || lastName(parent.expression) === 'race'
  if (ts.isArrayLiteralExpression(parent)) return true
  if (ts.isPropertyAccessExpression(parent))
    return parent.expression === name && /^(?:call|apply|then|catch|finally)$/.test(parent.name.text)
  return ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || !ts.isExpression(parent)
}

/** The helper sees the failure: the operation is in a closure, or its promise is not awaited before. */
function isPassed({ call }: Operation, argument: ts.Expression): boolean {
  if (isFunction(argument)) return failureReaches(call, argument.body)
  return bare(argument) === call && !ts.isAwaitExpression(argument)
}
