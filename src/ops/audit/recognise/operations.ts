import ts from 'typescript'
import type { Project } from '../project/project.js'
import { all, bare, functionAt, isPrivate, nameOf, type FunctionNode } from '../syntax.js'
import { isExported, nameGivenTo } from './containers.js'
import type { DirectOperations, Operation } from './direct-operations.js'
import { isHandler } from './handlers.js'
import { isBacked } from './kinds.js'
import { otherWaitsIn } from './other-waits.js'
import type { Products } from './products.js'
import type { Asked } from './receivers.js'
import type { Roles } from './roles.js'
import { answersCaller } from './shape.js'

export type { Operation } from './direct-operations.js'

const NAMES_CACHE = /cache|redis|valkey/i
const NAMES_LIMITER = /rate-?_?limit|limiter|throttl/i

/** The operations of each file: on clients, caches and limiters, and through the functions that stand for one. */
export class Operations {
  readonly #project: Project
  readonly #direct: DirectOperations
  readonly #roles: Roles
  readonly #products: Products
  readonly #byFile = new Map<ts.SourceFile, Operation[]>()
  readonly #byCall = new Map<ts.SourceFile, ReadonlyMap<ts.Node, Operation>>()
  readonly #standing = new Map<FunctionNode, Asked | undefined>()

  constructor(of: { project: Project; direct: DirectOperations; roles: Roles; products: Products }) {
    this.#project = of.project
    this.#direct = of.direct
    this.#roles = of.roles
    this.#products = of.products
  }

  /** In the order of the code. */
  in(file: ts.SourceFile): readonly Operation[] {
    const known = this.#byFile.get(file)
    if (known) return known
    const direct = this.#direct.in(file)
    const calls = new Set(direct.map(({ call }) => call))
    const through = all(file, ts.isCallExpression).flatMap((call) =>
      calls.has(call) ? [] : (this.#through(call) ?? []),
    )
    const found = [...direct, ...through].sort((a, b) => a.call.getStart() - b.call.getStart())
    this.#byFile.set(file, found)
    return found
  }

  /** The one that a call is; undefined where it asks nothing. */
  at(call: ts.Node): Operation | undefined {
    const file = call.getSourceFile()
    const byCall = this.#byCall.get(file) ?? new Map(this.in(file).map((each) => [each.call, each]))
    this.#byCall.set(file, byCall)
    return byCall.get(call)
  }

  /** Those below and including a node. */
  within(node: ts.Node): readonly Operation[] {
    return this.in(node.getSourceFile()).filter(({ call }) => call.pos >= node.pos && call.end <= node.end)
  }

  #through(call: ts.CallExpression): Operation | undefined {
    const callee = bare(call.expression)
    if (!ts.isIdentifier(callee) && !ts.isPropertyAccessExpression(callee)) return undefined
    // What a class asks of itself is read where it stands.
    if (ts.isPropertyAccessExpression(callee) && isSelf(callee.expression)) return undefined
    const declaration = this.#project.declarationOf(nameOf(callee))
    const through = declaration && functionAt(declaration)
    const kind = through && this.standsFor(through)
    return kind && { call, kind, method: nameOf(callee).getText(), receiver: callee, through }
  }

  /** What a function is to its callers; undefined when it does more than ask a cache or limiter. */
  standsFor(node: FunctionNode): Asked | undefined {
    if (this.#standing.has(node)) return this.#standing.get(node)
    this.#standing.set(node, undefined)
    const kind = this.#judge(node)
    this.#standing.set(node, kind)
    return kind
  }

  #judge(node: FunctionNode): Asked | undefined {
    if (ts.isConstructorDeclaration(node) || !isGivenOut(node)) return undefined
    const answer = this.#project.returnTypeOf(node as ts.SignatureDeclaration)
    if (!answer.isPromise && !answer.isAny) return undefined
    const limits =
      NAMES_LIMITER.test(nameGivenTo(node)) && answersCaller(node as ts.SignatureDeclaration, this.#project)
    if (limits) return 'limiter'
    const { role } = this.#roles.of(node.body)
    const isNamed = role === 'application' && NAMES_CACHE.test(nameGivenTo(node)) && !isHandler(node)
    if (role !== 'implementation' && !isNamed) return undefined
    const asks = this.#asksIn(node)
    if (asks.length === 0 || this.#products.ofFunction(node).some(({ kind }) => isBacked(kind)))
      return undefined
    // One that also loads from elsewhere, or calls what it is given, fails for other reasons too.
    const others = otherWaitsIn(node.body, asks, this.#products)
    if (others.length > 0) return undefined
    return NAMES_LIMITER.test(nameGivenTo(node)) ? 'limiter' : 'cache'
  }

  /** Also through functions that stand for one themselves. */
  #asksIn(node: FunctionNode): Operation[] {
    const direct = this.#direct
      .in(node.getSourceFile())
      .filter(({ call }) => call.pos >= node.pos && call.end <= node.end)
    const known = new Set(direct.map(({ call }) => call))
    const through = all(node.body, ts.isCallExpression).flatMap((call) =>
      known.has(call) ? [] : (this.#through(call) ?? []),
    )
    return [...direct, ...through]
  }
}

function isSelf({ kind }: ts.Expression): boolean {
  return kind === ts.SyntaxKind.ThisKeyword || kind === ts.SyntaxKind.SuperKeyword
}

/** Whether others can call it: exported, or a member of an object or class that is not private. */
function isGivenOut(node: FunctionNode): boolean {
  const member = ts.isMethodDeclaration(node) ? node : node.parent
  const isMember =
    ts.isMethodDeclaration(member) || ts.isPropertyDeclaration(member) || ts.isPropertyAssignment(member)
  return isMember ? !isPrivate(member) : isExported(node)
}
