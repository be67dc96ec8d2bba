import ts from 'typescript'
import { bare, isNull } from '../syntax.js'

/** The value of an option; undefined when it is not set, `'unread'` when it is computed elsewhere. */
export type ReadValue = number | boolean | null | undefined | 'unread'

/** What an expression says, read from the code alone. `options.x ?? 3` is 3: the default is what nobody changes. */
export function valueOf(node: ts.Expression | undefined): ReadValue {
  if (!node) return undefined
  const inner = bare(node)
  if (inner.kind === ts.SyntaxKind.NullKeyword) return null
  if (isNull(inner)) return undefined
  if (inner.kind === ts.SyntaxKind.TrueKeyword) return true
  if (inner.kind === ts.SyntaxKind.FalseKeyword) return false
  return numberOf(inner) ?? 'unread'
}

function numberOf(node: ts.Expression): number | undefined {
  if (ts.isNumericLiteral(node)) return Number(node.text)
  if (!ts.isBinaryExpression(node)) return undefined
  const right = numberOf(bare(node.right))
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.QuestionQuestionToken:
    case ts.SyntaxKind.BarBarToken:
      return right
    case ts.SyntaxKind.AsteriskToken: {
      const left = numberOf(bare(node.left))
      return left === undefined || right === undefined ? undefined : left * right
    }
    default:
      return undefined
  }
}
