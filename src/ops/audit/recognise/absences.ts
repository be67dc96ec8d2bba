import ts from 'typescript'
import { bare, isNull, own } from '../syntax.js'
import type { Products } from './products.js'

/** A place that does something else when the client is not there. */
export interface Absence {
  node: ts.Node
  /** The client, or what holds it. */
  tested: ts.Expression
  /** What is done then; undefined where it is only left out. */
  instead: ts.Statement | ts.Expression | undefined
}

/** The tests whether a client is there in a function, without those in functions within it. */
export function absencesIn(root: ts.Node, products: Products): Absence[] {
  const ifs = own(root, ts.isIfStatement).flatMap((node): Absence[] => {
    const { expression, thenStatement, elseStatement } = node
    const missing = testedAs('missing', expression, products)
    if (missing) return [{ node, tested: missing, instead: thenStatement }]
    const there = testedAs('there', expression, products)
    return there ? [{ node, tested: there, instead: elseStatement }] : []
  })
  const choices = own(root, ts.isConditionalExpression).flatMap((node): Absence[] => {
    const { condition, whenTrue, whenFalse } = node
    const missing = testedAs('missing', condition, products)
    if (missing) return [{ node, tested: missing, instead: whenTrue }]
    const there = testedAs('there', condition, products)
    return there ? [{ node, tested: there, instead: whenFalse }] : []
  })
  return [...ifs, ...choices, ...chainsIn(root, products)].sort((a, b) => a.node.pos - b.node.pos)
}

/** `client?.get(key)`: where there is none, the call is left out. Whether there may be none is not asked. */
function chainsIn(root: ts.Node, products: Products): Absence[] {
  return own(root, ts.isCallExpression).flatMap((node): Absence[] => {
    const callee = bare(node.expression)
    if (!ts.isPropertyAccessExpression(callee) || !callee.questionDotToken) return []
    const tested = clientAt(callee.expression, products)
    return tested ? [{ node, tested, instead: undefined }] : []
  })
}

/** `!client`, `client == null`, `!client || !enabled` say that it is missing; `client`, `client && enabled` that it is there. */
function testedAs(
  state: 'missing' | 'there',
  condition: ts.Expression,
  products: Products,
): ts.Expression | undefined {
  const node = bare(condition)
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return testedAs(state === 'missing' ? 'there' : 'missing', node.operand, products)
  if (ts.isBinaryExpression(node)) {
    const { left, right, operatorToken } = node
    const joins = state === 'missing' ? ts.SyntaxKind.BarBarToken : ts.SyntaxKind.AmpersandAmpersandToken
    if (operatorToken.kind === joins)
      return testedAs(state, left, products) ?? testedAs(state, right, products)
    if (!isNull(bare(right))) return undefined
    const isEqual = /^={2,3}$/.test(operatorToken.getText())
    const isUnequal = /^!={1,2}$/.test(operatorToken.getText())
    return (state === 'missing' ? isEqual : isUnequal) ? clientAt(left, products) : undefined
  }
  return state === 'there' ? clientAt(node, products) : undefined
}

function clientAt(expression: ts.Expression, products: Products): ts.Expression | undefined {
  const node = bare(expression)
  const isName = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)
  return isName && products.of(node).some(({ kind }) => kind === 'client') ? node : undefined
}
