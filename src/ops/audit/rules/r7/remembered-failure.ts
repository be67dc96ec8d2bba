import ts from 'typescript'
import { isBacked } from '../../recognise/kinds.js'
import type { RuleContext, Violation } from '../../rule.js'
import { above, all, bare, isAssignment, isFunction, isNull, nameOf, own } from '../../syntax.js'

/** `if (client !== undefined) return client; try { client = await make() } catch { client = null }`: one failure is kept as the answer. */
export function* rememberedFailure(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  for (const clause of all(file, ts.isCatchClause)) {
    const maker = above(clause, isFunction)
    if (!maker || context.handling.in(file).some((each) => isOperating(each, clause, context))) continue
    for (const assignment of own(clause.block, isAssignment)) {
      const { left, right } = assignment
      if (bare(right).kind !== ts.SyntaxKind.NullKeyword || !isKept(left, maker.body)) continue
      const declaration = ts.isIdentifier(left) && context.project.declarationOf(nameOf(left))
      if (!declaration || above(declaration, isFunction) !== undefined) continue
      const makes = own(clause.parent.tryBlock, isAssignment).some(
        (each) =>
          each.left.getText() === left.getText() &&
          context.products.of(each.right).some(({ kind }) => isBacked(kind)),
      )
      if (!makes) continue
      yield {
        node: assignment,
        message: `One failure to make ${left.getText()} is kept as the answer: nobody tries again, and the service stays without it until it is restarted.`,
        remedy: 'Leave it unset where it could not be made, so that the next caller tries again.',
      }
    }
  }
}

/** What an operation does when it fails is judged as such. */
function isOperating(
  handler: ReturnType<RuleContext['handling']['in']>[number],
  clause: ts.CatchClause,
  { handling }: RuleContext,
): boolean {
  return handler.node === clause && handling.guardedBy(handler).some(({ method }) => method !== 'connect')
}

/** `if (client !== undefined) return client`: null is an answer as well. */
function isKept(holder: ts.Expression, body: ts.Node): boolean {
  const name = holder.getText()
  return own(body, ts.isIfStatement).some(({ expression, thenStatement }) => {
    const returned = ts.isReturnStatement(thenStatement)
      ? thenStatement
      : own(thenStatement, ts.isReturnStatement)[0]
    if (returned?.expression?.getText() !== name || !ts.isBinaryExpression(expression)) return false
    const { left, right, operatorToken } = expression
    if (operatorToken.kind !== ts.SyntaxKind.ExclamationEqualsEqualsToken) return false
    if (ts.isTypeOfExpression(left))
      return left.expression.getText() === name && /undefined/.test(right.getText())
    return left.getText() === name && isNull(right) && right.kind !== ts.SyntaxKind.NullKeyword
  })
}
