import ts from 'typescript'
import { bare, isNull, lastName } from '../../syntax.js'

const SAYS_WHETHER = /^(?:success|succeeded|ok|sent|delivered)$/
const SAYS_WHY = /^(?:error|errors|errorMessage|failure)$/
// `results.push({ success: false })`: one of many, told of with the others.
const COLLECTS = /^(?:push|unshift|add)$/
const FAILED = /^(?:failed|failure|error|ERROR|FAILED|FAILURE)$/

/** A catch that ends with a result which says that all of it has failed: `return { success: false, error }`. */
export function givesFailedResult({ block }: ts.CatchClause): boolean {
  const last = block.statements.at(-1)
  if (!last) return false
  if (ts.isReturnStatement(last)) return last.expression !== undefined && isFailed(last.expression)
  if (!ts.isExpressionStatement(last)) return false
  const call = bare(last.expression)
  return (
    ts.isCallExpression(call) && COLLECTS.test(lastName(call.expression)) && call.arguments.some(isFailed)
  )
}

function isFailed(node: ts.Expression): boolean {
  const value = bare(node)
  if (!ts.isObjectLiteralExpression(value)) return false
  const said = value.properties.filter(ts.isPropertyAssignment)
  const isNo = said.some(
    ({ name, initializer }) =>
      SAYS_WHETHER.test(name.getText()) && initializer.kind === ts.SyntaxKind.FalseKeyword,
  )
  const isStatus = said.some(({ name, initializer }) => {
    const given = bare(initializer)
    return name.getText() === 'status' && ts.isStringLiteralLike(given) && FAILED.test(given.text)
  })
  return isNo || isStatus || isErrorAlone(value, said)
}

/** `{ error: 'not saved' }`; beside data, an error is one of two answers. */
function isErrorAlone(
  { properties }: ts.ObjectLiteralExpression,
  said: readonly ts.PropertyAssignment[],
): boolean {
  return (
    properties.length === 1 &&
    said.some(({ name, initializer }) => SAYS_WHY.test(name.getText()) && !isNull(bare(initializer)))
  )
}
