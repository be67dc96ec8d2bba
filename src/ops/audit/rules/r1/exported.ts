import ts from 'typescript'
import { hasModifier } from '../../syntax.js'

interface Exported {
  node: ts.Node
  value: ts.Expression
}

/** What a statement exports, and what stands for it; of an object, its members. */
export function exportedBy(statement: ts.Statement): Exported[] {
  if (ts.isExportAssignment(statement)) return [{ node: statement, value: statement.expression }]
  if (ts.isVariableStatement(statement) && hasModifier(statement, ts.SyntaxKind.ExportKeyword)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [{ node: name, value: name }] : [],
    )
  }
  if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier && statement.exportClause) {
    const { exportClause } = statement
    if (!ts.isNamedExports(exportClause) || statement.isTypeOnly) return []
    return exportClause.elements.flatMap((each) => {
      const local = each.propertyName ?? each.name
      return ts.isIdentifier(local) ? [{ node: each, value: local }] : []
    })
  }
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return []
  const { left, right } = statement.expression
  if (!/^(?:module\.)?exports(?:\.\w+)?$/.test(left.getText())) return []
  return ts.isObjectLiteralExpression(right) ? membersOf(right) : [{ node: statement, value: right }]
}

/** `module.exports = { client, close }`. */
function membersOf(literal: ts.ObjectLiteralExpression): Exported[] {
  return literal.properties.flatMap((each): Exported[] => {
    if (ts.isShorthandPropertyAssignment(each)) return [{ node: each, value: each.name }]
    const isName = ts.isPropertyAssignment(each) && ts.isIdentifier(each.initializer)
    return isName ? [{ node: each, value: each.initializer }] : []
  })
}
