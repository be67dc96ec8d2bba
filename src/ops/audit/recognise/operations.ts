import ts from 'typescript'
import { all, bare } from '../syntax.js'
import type { Made } from './kinds.js'
import type { Products } from './products.js'

/** A call that asks a client, cache or limiter for something, and which may therefore fail or never answer. */
export interface Operation {
  call: ts.CallExpression
  kind: 'client' | 'cache' | 'limiter'
  method: string
  receiver: ts.Expression
}

// What is done with a connection besides using it.
const LIFECYCLE =
  /^(?:on|once|off|addListener|removeListener|removeAllListeners|connect|quit|disconnect|close|destroy|duplicate|status|isOpen|isReady|setMaxListeners|defineCommand)$/

const OPERATED = new Set<Made>(['client', 'cache', 'limiter'])

/** The operations of each file, looked for once. */
export class Operations {
  readonly #products: Products
  readonly #byFile = new Map<ts.SourceFile, Operation[]>()

  constructor(products: Products) {
    this.#products = products
  }

  /** In the order of the code. */
  in(file: ts.SourceFile): readonly Operation[] {
    const known = this.#byFile.get(file)
    if (known) return known
    const found = all(file, ts.isCallExpression).flatMap((call) => this.#at(call) ?? [])
    this.#byFile.set(file, found)
    return found
  }

  /** Those below and including a node. */
  within(node: ts.Node): readonly Operation[] {
    return this.in(node.getSourceFile()).filter(({ call }) => call.pos >= node.pos && call.end <= node.end)
  }

  #at(call: ts.CallExpression): Operation | undefined {
    const callee = bare(call.expression)
    if (!ts.isPropertyAccessExpression(callee)) return undefined
    const { name, expression: receiver } = callee
    if (LIFECYCLE.test(name.text)) return undefined
    const kind = this.#products.of(receiver).find((each) => OPERATED.has(each.kind))?.kind
    return kind === undefined
      ? undefined
      : { call, kind: kind as Operation['kind'], method: name.text, receiver }
  }
}
