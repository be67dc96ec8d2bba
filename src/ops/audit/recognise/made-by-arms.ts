import type ts from 'typescript'
import { isFunction } from '../syntax.js'
import { armsOf } from './arms.js'
import type { Product } from './product.js'
import type { Products } from './products.js'

/** What a choice gives out, where a function that makes something stands for what it makes: `redis ? () => new A(redis) : () => new B()`. */
export function madeByArms(node: ts.Expression, products: Products): Product[] {
  return armsOf(node).flatMap((arm) => {
    const own = products.of(arm)
    return isFunction(arm) && own.every(({ kind }) => kind === 'other') ? products.ofFunction(arm) : own
  })
}
