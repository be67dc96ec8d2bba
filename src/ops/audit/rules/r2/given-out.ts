import ts from 'typescript'
import { bare, hasModifier, isAssignment } from '../../syntax.js'

/** Whether a module exports what a name stands for: `export { store }`, `export default store`, `export default loaded.default`, `module.exports = …`. */
export function isGivenOut(name: string, file: ts.SourceFile): boolean {
  if (/^(?:module\.)?exports\b/.test(name)) return true
  return file.statements.some((statement) => {
    if (ts.isExportAssignment(statement)) return rootOf(statement.expression) === name
    if (ts.isVariableStatement(statement))
      return (
        hasModifier(statement, ts.SyntaxKind.ExportKeyword) &&
        statement.declarationList.declarations.some((each) => each.name.getText() === name)
      )
    if (ts.isExpressionStatement(statement) && isAssignment(statement.expression))
      return (
        /^(?:module\.)?exports\b/.test(statement.expression.left.getText()) &&
        rootOf(statement.expression.right) === name
      )
    const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined
    return (
      clause !== undefined &&
      ts.isNamedExports(clause) &&
      clause.elements.some((each) => (each.propertyName ?? each.name).text === name)
    )
  })
}

/** `loaded` of `loaded.default`. */
function rootOf(node: ts.Expression): string {
  const value = bare(node)
  return ts.isPropertyAccessExpression(value) ? rootOf(value.expression) : value.getText()
}
