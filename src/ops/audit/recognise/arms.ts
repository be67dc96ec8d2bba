import ts from 'typescript'
import { bare, isFunction } from '../syntax.js'
import type { Product, Products } from './products.js'

/** What a choice is among: the sides of `?:`, `??` and `||`. */
export function armsOf(node: ts.Expression): ts.Expression[] {
  const value = bare(node)
  if (ts.isConditionalExpression(value)) return [...armsOf(value.whenTrue), ...armsOf(value.whenFalse)]
  return isDefault(value) ? [...armsOf(value.left), ...armsOf(value.right)] : [value]
}

/** What a choice gives out, where a function that makes something stands for what it makes: `redis ? () => new A(redis) : () => new B()`. */
export function madeByArms(node: ts.Expression, products: Products): Product[] {
  return armsOf(node).flatMap((arm) => {
    const own = products.of(arm)
    return isFunction(arm) && own.every(({ kind }) => kind === 'other') ? products.ofFunction(arm) : own
  })
}

/** `a ?? b` and its like: what is taken where there is nothing else. */
export function isDefault(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    [
      ts.SyntaxKind.QuestionQuestionToken,
      ts.SyntaxKind.BarBarToken,
      ts.SyntaxKind.QuestionQuestionEqualsToken,
      ts.SyntaxKind.BarBarEqualsToken,
    ].includes(node.operatorToken.kind)
  )
}
