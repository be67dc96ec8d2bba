import ts from 'typescript'
import { specifierLoadedBy } from '../load-calls.js'
import type { Project } from '../project/project.js'
import { hasModifier, isAssignment } from '../syntax.js'

/**
 * What a module gives out under a name; undefined when it does not. For modules whose exports have no type that the
 * checker could look into, such as `let redis: any`.
 */
export function exportOf(
  module: ts.SourceFile,
  name: string,
  project: Project,
): ts.Expression | ts.Declaration | undefined {
  for (const statement of module.statements) {
    if (ts.isExportAssignment(statement) && name === 'default') return statement.expression
    const isDefaultClass =
      ts.isClassDeclaration(statement) && hasModifier(statement, ts.SyntaxKind.DefaultKeyword)
    if (isDefaultClass && name === 'default') return statement
    const assigned = ts.isExpressionStatement(statement) ? statement.expression : undefined
    if (assigned && isAssignment(assigned) && assigns(assigned.left, name)) return assigned.right
    if (ts.isVariableStatement(statement) && hasModifier(statement, ts.SyntaxKind.ExportKeyword)) {
      const found = statement.declarationList.declarations.find((each) => each.name.getText() === name)
      if (found) return found
    }
    if (!ts.isExportDeclaration(statement) || !statement.exportClause) continue
    if (!ts.isNamedExports(statement.exportClause)) continue
    const specifier = statement.exportClause.elements.find((each) => each.name.text === name)
    if (specifier) return project.declarationOf(specifier.name)
  }
  return undefined
}

/** `module.exports = redis`, `exports.redis = redis`. */
function assigns(target: ts.Expression, name: string): boolean {
  const text = target.getText()
  return name === 'default'
    ? text === 'module.exports'
    : /^(?:module\.)?exports\.(\w+)$/.exec(text)?.[1] === name
}

/** The own source file that `import('…')` or `require('…')` loads. */
export function loadedModule(node: ts.Expression, project: Project): ts.SourceFile | undefined {
  const specifier = specifierLoadedBy(node)
  const declaration = specifier && project.declarationOf(specifier)
  return declaration && ts.isSourceFile(declaration) ? declaration : undefined
}
