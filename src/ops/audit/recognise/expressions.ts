import ts from 'typescript'

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
