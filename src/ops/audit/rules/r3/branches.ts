import ts from 'typescript'
import { all, isAssignment } from '../../syntax.js'

/** A place where code goes one way or another. */
export interface Branch {
  node: ts.Node
  condition: ts.Expression
  /** What runs in one of the two cases only. */
  guarded: ts.Node[]
}

/** The branches of a file, those of a return or throw with what is not reached after them. */
export function branchesIn(file: ts.SourceFile): Branch[] {
  return all(file, isBranching).flatMap((node): Branch[] => {
    if (ts.isIfStatement(node)) {
      const { thenStatement, elseStatement } = node
      const guarded = [
        thenStatement,
        ...(elseStatement ? [elseStatement] : []),
        ...(exits(thenStatement) ? after(node) : []),
      ]
      return [{ node, condition: node.expression, guarded }]
    }
    if (ts.isConditionalExpression(node))
      return [{ node, condition: node.condition, guarded: [node.whenTrue, node.whenFalse] }]
    return isCondition(node) ? [] : [{ node, condition: node.left, guarded: [node.right] }]
  })
}

function isBranching(node: ts.Node): node is ts.IfStatement | ts.ConditionalExpression | ts.BinaryExpression {
  const { AmpersandAmpersandToken, BarBarToken } = ts.SyntaxKind
  return (
    ts.isIfStatement(node) ||
    ts.isConditionalExpression(node) ||
    (ts.isBinaryExpression(node) &&
      (node.operatorToken.kind === AmpersandAmpersandToken || node.operatorToken.kind === BarBarToken))
  )
}

/** Part of a condition that is looked at as a whole. */
function isCondition(node: ts.Node): boolean {
  let each = node
  while (
    ts.isParenthesizedExpression(each.parent) ||
    ts.isPrefixUnaryExpression(each.parent) ||
    (ts.isBinaryExpression(each.parent) && !isAssignment(each.parent))
  )
    each = each.parent
  const { parent } = each
  return (
    (ts.isIfStatement(parent) && parent.expression === each) ||
    (ts.isConditionalExpression(parent) && parent.condition === each)
  )
}

function exits(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement
  return (
    last !== undefined &&
    (ts.isReturnStatement(last) ||
      ts.isThrowStatement(last) ||
      ts.isContinueStatement(last) ||
      ts.isBreakStatement(last))
  )
}

function after(node: ts.IfStatement): ts.Node[] {
  const { parent } = node
  if (!ts.isBlock(parent) && !ts.isSourceFile(parent)) return []
  return [...parent.statements].filter(({ pos }) => pos >= node.end)
}
