import ts from 'typescript'
import { isFunction } from '../syntax.js'

/** What must hold, or must not, for a node to be reached within its function: the conditions around it, and of what leaves before it. */
export function conditionsOf(node: ts.Node): ts.Expression[] {
  return [...enclosing(node), ...leaving(node)]
}

function enclosing(node: ts.Node): ts.Expression[] {
  const found: ts.Expression[] = []
  for (let each = node; each.parent !== undefined && !isFunction(each); each = each.parent) {
    const { parent } = each
    if (ts.isIfStatement(parent) && parent.expression !== each) found.push(parent.expression)
    if (ts.isConditionalExpression(parent) && parent.condition !== each) found.push(parent.condition)
    if (
      ts.isBinaryExpression(parent) &&
      parent.right === each &&
      parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
    )
      found.push(parent.left)
  }
  return found
}

/** `if (count !== 1) return`, in front of the node. */
function leaving(node: ts.Node): ts.Expression[] {
  const found: ts.Expression[] = []
  for (let each = node; each.parent !== undefined && !isFunction(each); each = each.parent) {
    if (!ts.isBlock(each.parent)) continue
    const before = each.parent.statements.filter((statement) => statement.pos < each.pos)
    for (const statement of before)
      if (ts.isIfStatement(statement) && leaves(statement.thenStatement)) found.push(statement.expression)
  }
  return found
}

function leaves(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last))
}
