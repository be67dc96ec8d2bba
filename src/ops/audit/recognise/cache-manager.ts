import ts from 'typescript'
import type { Project } from '../project/project.js'
import { bare, lastName } from '../syntax.js'
import { bindingOf } from './bindings.js'
import { isBacked, type Made } from './kinds.js'

/** What says of an expression what it gives. */
interface Sources {
  of(node: ts.Expression): { kind: Made }[]
}

/** What `createCache()` and `caching()` of cache-manager give: memory, unless a store over a client is among what they are given. */
export function ofCacheManager(
  call: ts.CallExpression,
  project: Project,
  products: Sources,
): 'cache' | 'memory' | undefined {
  const name = lastName(call.expression)
  if (name !== 'createCache' && name !== 'caching') return undefined
  if (bindingOf(call.expression, project)?.package !== 'cache-manager') return undefined
  const [given] = call.arguments
  if (name === 'caching') {
    const isMemory = given && /^(?:['"]memory['"]|memoryStore\b)/.test(given.getText())
    return isMemory ? 'memory' : undefined
  }
  const options = given && bare(given)
  if (!options) return 'memory'
  if (!ts.isObjectLiteralExpression(options) || options.properties.some(ts.isSpreadAssignment))
    return undefined
  const stores = options.properties.find((each) => each.name?.getText() === 'stores')
  if (!stores) return 'memory'
  const list = ts.isPropertyAssignment(stores) ? bare(stores.initializer) : undefined
  if (!list || !ts.isArrayLiteralExpression(list)) return undefined
  const made = list.elements.map((each) => products.of(each))
  if (made.some((each) => each.some(({ kind }) => isBacked(kind)))) return 'cache'
  return made.every((each) => each.every(({ kind }) => kind === 'memory')) ? 'memory' : undefined
}
