import ts from 'typescript'
import { all, bare, isFunction, lastName, type FunctionNode } from '../syntax.js'

// Helpers that keep what a function makes, so that a module that is loaded again does not make another.
const KEEPS = /^(?:\w*[sS]ingleton|remember|getOrCreate\w*|(?:create|init|make|run)Once|once)$/

/** What a call hands on: values, and what functions return. */
export interface HandedOn {
  values: readonly ts.Expression[]
  functions: readonly ts.Expression[]
  /** `Promise.resolve()`: nothing comes. */
  isNothing?: boolean
}

/**
 * What a call gives out that only carries a value: `.then`, `.catch` and `.finally` of a promise, `.duplicate` of a
 * connection, `Promise.resolve`, a function that is called where it is written, `singleton('redis', makeRedis)`; undefined for
 * all others.
 */
export function handedOnBy({ expression, arguments: args }: ts.CallExpression): HandedOn | undefined {
  const callee = bare(expression)
  if (isFunction(callee)) return { values: [], functions: [callee as unknown as ts.Expression] }
  const kept = args.at(-1)
  if (kept && KEEPS.test(lastName(callee)) && (isFunction(bare(kept)) || ts.isIdentifier(bare(kept))))
    return { values: [], functions: [kept] }
  if (!ts.isPropertyAccessExpression(callee)) return undefined
  const receiver = callee.expression
  const isGlobal = ts.isIdentifier(receiver) && /^(?:Promise|Object)$/.test(receiver.text)
  switch (`${isGlobal ? receiver.text : ''}.${callee.name.text}`) {
    case '.then':
      return { values: [], functions: [...args] }
    case '.catch':
      return { values: [receiver], functions: [...args] }
    case '.finally':
    // Another connection of the same kind.
    case '.duplicate':
      return { values: [receiver], functions: [] }
    case 'Promise.resolve':
      return { values: [...args], functions: [], isNothing: args.length === 0 }
    case 'Promise.reject':
      return { values: [], functions: [] }
    case 'Object.freeze':
    case 'Object.seal':
      return { values: [...args], functions: [] }
    default:
      return undefined
  }
}

/** What `new Promise((resolve) => …)` resolves to; undefined when it is no such thing, or hands `resolve` on. */
export function resolvedBy(node: ts.NewExpression): HandedOn | undefined {
  const [given] = node.arguments ?? []
  const executor = given && bare(given)
  if (node.expression.getText() !== 'Promise' || !executor || !isFunction(executor)) return undefined
  const [resolve] = (executor as FunctionNode).parameters
  if (!resolve || !ts.isIdentifier(resolve.name)) return undefined
  const name = resolve.name.text
  const calls = all(executor, ts.isCallExpression).filter(({ expression }) => expression.getText() === name)
  if (calls.length === 0) return undefined
  const values = calls.flatMap(({ arguments: [value] }) => value ?? [])
  return { values, functions: [], isNothing: values.length < calls.length }
}
