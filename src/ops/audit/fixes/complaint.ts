import ts from 'typescript'

const LOGGERS = /^(?:logger|log)$/

/** A call that logs a text where the file's other lines do: its own logger if it has one, else the console. */
export function complaint(file: ts.SourceFile, text: string): string {
  const logger = file.statements.flatMap(namesOf).find((name) => LOGGERS.test(name))
  const warns = logger !== undefined && new RegExp(`\\b${logger}\\.(?:warn|error|info)\\(`).test(file.text)
  return `${warns ? logger : 'console'}.warn(${text})`
}

/** Names that a statement brings to the top level. */
function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText())
  }
  const clause = ts.isImportDeclaration(statement) ? statement.importClause : undefined
  const bindings = clause?.namedBindings
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name.text) : []
  return [...(clause?.name ? [clause.name.text] : []), ...named]
}
