import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { bare, isAssignment, own, type FunctionNode } from '../syntax.js'
import { asksForBackend } from './availability.js'

/**
 * `const options = { … }; if (redis) options.store = new RedisStore(…); return options`: the branches by which a function
 * gives out settings with a store or with none.
 */
export function optionalStoresOf(node: FunctionNode, { products }: RuleContext): ts.IfStatement[] {
  const branches = own(node.body, ts.isIfStatement).filter(({ thenStatement }) => putsStore(thenStatement))
  if (branches.length === 0) return []
  const given = new Set(
    products.returnsOf(node).flatMap(({ value }) => (value ? [bare(value).getText()] : [])),
  )
  return branches.filter(({ expression, thenStatement, elseStatement }) => {
    if (elseStatement && putsStore(elseStatement)) return false
    const isGiven = own(thenStatement, isAssignment).some(
      ({ left, right }) => isStoreOf(left, given) && products.of(right).some(({ kind }) => kind === 'store'),
    )
    return isGiven && asksForBackend(expression, products)
  })
}

function putsStore(statement: ts.Statement): boolean {
  return own(statement, isAssignment).some(
    ({ left }) => ts.isPropertyAccessExpression(left) && left.name.text === 'store',
  )
}

function isStoreOf(left: ts.Expression, given: ReadonlySet<string>): boolean {
  return (
    ts.isPropertyAccessExpression(left) && left.name.text === 'store' && given.has(left.expression.getText())
  )
}
