import ts from 'typescript'
import type { Project } from '../project/project.js'
import { bare, lastName } from '../syntax.js'
import { bindingOf } from './bindings.js'
import { isBacked, type Made } from './kinds.js'
import { kindIn } from './packages.js'

/** What says of an expression what it gives. */
interface Sources {
  of(node: ts.Expression): { kind: Made }[]
}

type Managed = 'cache' | 'memory' | undefined

const MAKES = /^(?:createCache|caching|multiCaching)$/

/** What cache-manager gives: memory, unless a store over a client is among what it is given. */
export function ofCacheManager(call: ts.CallExpression, project: Project, products: Sources): Managed {
  const name = lastName(call.expression)
  if (!MAKES.test(name)) return undefined
  if (bindingOf(call.expression, project)?.package !== 'cache-manager') return undefined
  const [first] = call.arguments
  const given = first && bare(first)
  if (name === 'multiCaching') return given && ofList(given, products)
  const options = given && ts.isObjectLiteralExpression(given) ? given : undefined
  // Options that are put together elsewhere do not say what they hold.
  if (options?.properties.some(ts.isSpreadAssignment)) return undefined
  if (name === 'createCache') {
    const stores = options && valueOf(options, 'stores')
    if (stores) return ofList(stores, products)
    return !given || (options && !has(options, 'stores')) ? 'memory' : undefined
  }
  const store = options ? valueOf(options, 'store') : given
  if (store) return ofStore(store, project, products)
  return options && !has(options, 'store') ? 'memory' : undefined
}

/** A store of `caching()`: its name, what it is made by, or the thing itself. */
function ofStore(store: ts.Expression, project: Project, products: Sources): Managed {
  const value = bare(store)
  if (ts.isConditionalExpression(value)) {
    const arms = [value.whenTrue, value.whenFalse].map((each) => ofStore(each, project, products))
    return arms.includes('cache') ? 'cache' : arms.every((each) => each === 'memory') ? 'memory' : undefined
  }
  if (ts.isStringLiteralLike(value)) return value.text === 'memory' ? 'memory' : undefined
  if (/^memoryStore\b/.test(value.getText())) return 'memory'
  const binding = bindingOf(value, project)
  if (binding && kindIn(binding.package, 'RedisStore') === 'store') return 'cache'
  return products.of(value).some(({ kind }) => isBacked(kind)) ? 'cache' : undefined
}

function ofList(stores: ts.Expression, products: Sources): Managed {
  const list = bare(stores)
  if (!ts.isArrayLiteralExpression(list)) return undefined
  const made = list.elements.map((each) => products.of(each))
  if (made.some((each) => each.some(({ kind }) => isBacked(kind)))) return 'cache'
  return made.every((each) => each.every(({ kind }) => kind === 'memory')) ? 'memory' : undefined
}

function has(options: ts.ObjectLiteralExpression, name: string): boolean {
  return options.properties.some((each) => each.name?.getText() === name)
}

function valueOf(options: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const found = options.properties.find((each) => each.name?.getText() === name)
  if (!found) return undefined
  if (ts.isPropertyAssignment(found)) return found.initializer
  return ts.isShorthandPropertyAssignment(found) ? found.name : undefined
}
