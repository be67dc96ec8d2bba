import ts from 'typescript'
import { above, all, bare, hasModifier, isAssignment, isNull, own } from '../syntax.js'

/** What no cache is, without asking the checker. */
export function isPlainValue(node: ts.Expression): boolean {
  return (
    ts.isLiteralExpression(node) ||
    ts.isTemplateExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isFunctionLike(node) ||
    ts.isPrefixUnaryExpression(node) ||
    ts.isTypeOfExpression(node) ||
    ts.isJsxElement(node) ||
    ts.isJsxSelfClosingElement(node) ||
    ts.isJsxFragment(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword
  )
}

/** `x!`, also behind casts: somebody says that it is there. */
export function hasNonNull(node: ts.Expression): boolean {
  let each: ts.Expression = node
  while (!ts.isNonNullExpression(each)) {
    if (!ts.isParenthesizedExpression(each) && !ts.isAsExpression(each) && !ts.isAwaitExpression(each))
      return false
    each = each.expression
  }
  return true
}

/** Lazy initialisation that the checker cannot see through `any`: `if (!client) client = …; return client`. */
export function isSetBefore(node: ts.Expression): boolean {
  const text = node.getText()
  const scope = above(node, ts.isFunctionLike) ?? node.getSourceFile()
  return own(scope, isAssignment).some(({ left, right, pos }) => {
    if (left.getText() !== text || pos > node.pos || isNull(bare(right))) return false
    // A guard that asks something else, such as whether a URL is set, may leave the variable empty.
    const guard = above(left, ts.isIfStatement)
    return guard === undefined || asksFor(guard.expression, text) || isSetByBoth(guard, text)
  })
}

function asksFor(condition: ts.Expression, text: string): boolean {
  return [...all(condition, ts.isIdentifier), ...all(condition, ts.isPropertyAccessExpression)].some(
    (each) => each.getText() === text,
  )
}

function isSetByBoth({ thenStatement, elseStatement }: ts.IfStatement, text: string): boolean {
  return [thenStatement, elseStatement].every(
    (side) => side !== undefined && own(side, isAssignment).some(({ left }) => left.getText() === text),
  )
}

/** `let client`: until somebody puts something there, nothing is there. */
export function startsEmpty(declaration: ts.Node): boolean {
  return (
    ts.isVariableDeclaration(declaration) &&
    !declaration.initializer &&
    !declaration.type &&
    ts.isVariableStatement(declaration.parent.parent) &&
    !hasModifier(declaration.parent.parent, ts.SyntaxKind.DeclareKeyword)
  )
}
