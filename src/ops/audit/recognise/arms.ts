import ts from 'typescript'
import { bare } from '../syntax.js'

/** What a choice is among: the sides of `?:`, `??` and `||`. */
export function armsOf(node: ts.Expression): ts.Expression[] {
  const value = bare(node)
  if (ts.isConditionalExpression(value)) return [...armsOf(value.whenTrue), ...armsOf(value.whenFalse)]
  return isDefault(value) ? [...armsOf(value.left), ...armsOf(value.right)] : [value]
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
