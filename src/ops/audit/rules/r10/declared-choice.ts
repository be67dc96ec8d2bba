import ts from 'typescript'
import { bare, isWithin } from '../../syntax.js'

const NAMES_MEMORY = /^(?:in[-_ ]?)?(?:mem(?:ory)?|process|local|lru|map|node|test|none)\w*$/i

/**
 * Whether somebody asked for memory by name: `case 'memory':`, `if (store === 'memory')`. As a `default:` as well, or as
 * what is left after other names, it is what one gets who said nothing.
 */
export function isDeclaredChoice(node: ts.Node, within: ts.Node): boolean {
  for (let each = node; each !== within && each.parent !== undefined; each = each.parent) {
    const { parent } = each
    if (ts.isCaseClause(parent) && isLiteral(parent.expression, NAMES_MEMORY))
      return !fallsFromDefault(parent)
    if (ts.isIfStatement(parent) && each === parent.thenStatement && asksByName(parent.expression))
      return true
    if (ts.isConditionalExpression(parent) && each === parent.whenTrue && asksByName(parent.condition))
      return true
  }
  return false
}

/** `default:` without statements stands directly before it, or it before an empty `default:`. */
function fallsFromDefault(clause: ts.CaseClause): boolean {
  const { clauses } = clause.parent
  const at = clauses.indexOf(clause)
  for (let index = at - 1; index >= 0 && clauses[index]!.statements.length === 0; index -= 1)
    if (ts.isDefaultClause(clauses[index]!)) return true
  return false
}

function asksByName(condition: ts.Expression): boolean {
  const node = bare(condition)
  if (!ts.isBinaryExpression(node)) return false
  const { left, right, operatorToken } = node
  const isJoined =
    operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    operatorToken.kind === ts.SyntaxKind.BarBarToken
  if (isJoined) return asksByName(left) || asksByName(right)
  const isEqual = /^={2,3}$/.test(operatorToken.getText())
  return isEqual && [left, right].some((side) => isLiteral(side, NAMES_MEMORY))
}

function isLiteral(node: ts.Expression, pattern: RegExp): boolean {
  const value = bare(node)
  if (ts.isStringLiteralLike(value)) return pattern.test(value.text)
  return (
    ts.isPropertyAccessExpression(value) && /^[A-Z]/.test(value.name.text) && pattern.test(value.name.text)
  )
}

/** `NODE_ENV === 'test'`, `isTest`: what only tests get. */
export function isForTests(node: ts.Node, within: ts.Node): boolean {
  for (let each = node; each !== within && each.parent !== undefined; each = each.parent) {
    const { parent } = each
    const condition = ts.isIfStatement(parent)
      ? each === parent.thenStatement && parent.expression
      : ts.isConditionalExpression(parent) && each === parent.whenTrue && parent.condition
    if (
      condition &&
      isWithin(condition, parent) &&
      /['"]test['"]|\bis_?test\b|VITEST|JEST/i.test(condition.getText())
    )
      return true
  }
  return false
}
