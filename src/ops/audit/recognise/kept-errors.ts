import ts from 'typescript'
import { all } from '../syntax.js'

/** Whether an error is put into a record of what happened, which is made to be read. A field such as `lastError` is not. */
export function keepsError({ left, right }: ts.BinaryExpression, error: ts.Identifier): boolean {
  if (!ts.isPropertyAccessExpression(left) || left.expression.kind === ts.SyntaxKind.ThisKeyword) return false
  return all(right, ts.isIdentifier).some(({ text }) => text === error.text)
}
