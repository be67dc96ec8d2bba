import ts from 'typescript'
import type { Project } from '../project/project.js'
import { all, bare, functionAt, isAssignment, lastName, type FunctionNode } from '../syntax.js'
import { readersOf } from './cache-shape.js'
import { moduleName, nameGivenTo } from './containers.js'
import { makerOf, membersOf, prototypeMembersOf } from './function-members.js'
import { isBacked, type Made } from './kinds.js'
import { answersAlways, answersCaller, isCollection, isLimiting, MUTATES, namesCheck } from './shape.js'

// What only a key-value service is asked.
const COMMAND =
  /^(?:incr(?:by)?|decr(?:by)?|p?expire|p?setex|setnx|mget|h(?:m?set|m?get|getall|del|incrby)|z(?:add|card|count|rem\w*|range\w*)|s(?:add|rem|members|ismember)|[lr]push|l?range|eval(?:sha)?|sendCommand|send_command|defineCommand|p?ttl|unlink|scan(?:Iterator)?|multi|pipeline)$/i
const ANY_COMMAND = /^(?:get|set|del|exists|getdel|getex|call)$/i
const NAMES_CLIENT = /redis|valkey|upstash|(?:^|[a-z_])(?:kv|KV)$/i
const NAMES_LIMITER = /limit|throttl/i
const NAMES_NEXT = /^_?(?:next|done|reply|res|response)$/

/** What says of an expression what it gives; that is made of closures itself. */
interface Sources {
  of(node: ts.Expression): { kind: Made }[]
}

/**
 * What functions give out that write no class: an object of functions, a middleware, what a constructor of plain
 * JavaScript makes. The state that they work on tells a cache over a client from one in this process.
 */
export class Closures {
  readonly #project: Project
  readonly #products: Sources
  readonly #known = new Map<ts.Node, Made | undefined>()

  constructor(project: Project, products: Sources) {
    this.#project = project
    this.#products = products
  }

  /** Of an object literal, a function that is given out, or one that is called with `new`; undefined when it is nothing to us. */
  of(node: ts.ObjectLiteralExpression | FunctionNode): Made | undefined {
    if (this.#known.has(node)) return this.#known.get(node)
    this.#known.set(node, undefined)
    const kind = ts.isObjectLiteralExpression(node)
      ? this.#ofMembers(membersOf(node, this.#project), node)
      : (this.#ofMiddleware(node) ?? this.#ofChecker(node))
    this.#known.set(node, kind)
    return kind
  }

  /** Of what `new F()` makes, where F is a function with methods on its prototype. */
  ofConstructor(node: FunctionNode): Made | undefined {
    const members = prototypeMembersOf(node)
    return members.size > 0 ? this.#ofMembers(members, node) : undefined
  }

  #ofMembers(members: ReadonlyMap<string, FunctionNode>, holder: ts.Node): Made | undefined {
    const readers = readersOf(members, namesAround(holder))
    const isCache = readers.length > 0
    const isLimiter = !isCache && [...members].some(([name, each]) => isLimiting(name, each, this.#project))
    if (!isCache && !isLimiter) return undefined
    const bodies = [...members.values()]
    const state = this.#stateOf(bodies, holder)
    if (state !== 'backend') {
      const asked = isCache ? readers : bodies
      return state ?? (asked.every(({ body }) => answersAlways(body)) ? 'pass-through' : undefined)
    }
    return isCache ? 'cache' : 'limiter'
  }

  /** `(req, res, next) => …` out of what is named for a limiter. */
  #ofMiddleware(node: FunctionNode): Made | undefined {
    const isMiddleware = node.parameters
      .slice(1)
      .some(({ name }) => ts.isIdentifier(name) && NAMES_NEXT.test(name.text))
    if (!isMiddleware || !NAMES_LIMITER.test(namesAround(node))) return undefined
    const state = this.#stateOf([node], node)
    return state === 'backend' ? 'limiter' : state
  }

  /** `async (id) => …` out of what is named for a limiter, which says whether the caller may go on. */
  #ofChecker(node: FunctionNode): Made | undefined {
    const isGivenOut = ts.isReturnStatement(node.parent) || ts.isArrowFunction(node.parent)
    if (!isGivenOut || !NAMES_LIMITER.test(namesAround(node))) return undefined
    if (!answersCaller(node as ts.SignatureDeclaration, this.#project)) return undefined
    const state = this.#stateOf([node], node)
    return state === 'backend' ? 'limiter' : state
  }

  /** What the functions work on: something behind a client, else a collection that outlives their calls. */
  #stateOf(bodies: readonly FunctionNode[], holder: ts.Node): 'backend' | 'memory' | undefined {
    const calls = bodies.flatMap(({ body }) => all(body, ts.isCallExpression))
    if (calls.some((call) => this.#asksBackend(call))) return 'backend'
    return this.#changesMemory(bodies, holder) || this.#changesMemory(this.#askedBy(calls, holder), holder)
      ? 'memory'
      : undefined
  }

  /** The functions of the module that they call by name: `limit: (id) => counted(id)`. */
  #askedBy(calls: readonly ts.CallExpression[], holder: ts.Node): FunctionNode[] {
    return calls.flatMap(({ expression }) => {
      const declaration = ts.isIdentifier(expression) ? this.#project.declarationOf(expression) : undefined
      const isHere = declaration?.getSourceFile() === holder.getSourceFile()
      return (isHere && declaration && functionAt(declaration)) || []
    })
  }

  #changesMemory(bodies: readonly FunctionNode[], holder: ts.Node): boolean {
    const calls = bodies.flatMap(({ body }) => all(body, ts.isCallExpression))
    const isKept = (target: ts.Expression) => this.#isKept(target, bodies, holder)
    return (
      calls.some(
        ({ expression: callee }) =>
          ts.isPropertyAccessExpression(callee) &&
          (MUTATES.test(callee.name.text) || namesCheck(callee.name.text)) &&
          isKept(callee.expression),
      ) ||
      bodies
        .flatMap(({ body }) => all(body, isAssignment))
        .some(({ left }) => ts.isElementAccessExpression(left) && isKept(left.expression))
    )
  }

  #asksBackend({ expression: callee }: ts.CallExpression): boolean {
    if (!ts.isPropertyAccessExpression(callee)) return false
    const receiver = bare(callee.expression)
    // What it asks of itself tells nothing.
    if (receiver.kind === ts.SyntaxKind.ThisKeyword) return false
    const method = callee.name.text
    const isStrong = COMMAND.test(method)
    if (namesCheck(method)) return this.#products.of(receiver).some(({ kind }) => kind === 'limiter')
    if (!isStrong && !ANY_COMMAND.test(method)) return false
    const isNamed = NAMES_CLIENT.test(lastName(receiver))
    if ((isNamed || isStrong) && this.#project.typeOf(receiver).isAny) return true
    return this.#products.of(receiver).some(({ kind }) => isBacked(kind))
  }

  /** A collection that was made outside of the functions: around them, on their object, or at the top of the file. */
  #isKept(target: ts.Expression, bodies: readonly FunctionNode[], holder: ts.Node): boolean {
    const node = bare(target)
    if (ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword)
      return this.#isField(node.name.text, holder)
    const declaration = ts.isIdentifier(node) ? this.#project.declarationOf(node) : undefined
    if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return false
    const isOutside = !bodies.some((body) => declaration.pos >= body.pos && declaration.end <= body.end)
    const value = bare(declaration.initializer)
    return isOutside && (isEmpty(value) || isCollection(value) || this.#isMemory(value))
  }

  #isField(name: string, holder: ts.Node): boolean {
    return all(holder, isAssignment).some(
      ({ left, right }) =>
        left.getText() === `this.${name}` && (isEmpty(bare(right)) || isCollection(bare(right))),
    )
  }

  #isMemory(value: ts.Expression): boolean {
    return ts.isNewExpression(value) && this.#products.of(value).some(({ kind }) => kind === 'memory')
  }
}

function namesAround(node: ts.Node): string {
  return `${nameGivenTo(node)} ${makerOf(node)} ${moduleName(node.getSourceFile())}`
}

function isEmpty(value: ts.Expression): boolean {
  if (ts.isObjectLiteralExpression(value)) return value.properties.length === 0
  if (ts.isArrayLiteralExpression(value)) return value.elements.length === 0
  return ts.isCallExpression(value) && value.getText() === 'Object.create(null)'
}
