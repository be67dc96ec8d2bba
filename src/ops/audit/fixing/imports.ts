import ts from 'typescript'
import type { Fix } from '../rule.js'
import type { Edit } from './edit.js'

/** The line that brings a name into a file, in the words of its others; undefined where it is there already. */
export function importEdit(
  file: ts.SourceFile,
  { name, from }: NonNullable<Fix['imports']>[number],
): Edit | undefined {
  const imports = file.statements.filter(ts.isImportDeclaration)
  if (imports.some((each) => brings(each, name, from))) return undefined
  const last = imports.at(-1)
  const quote = last?.getText().includes('"') ? '"' : "'"
  const end = last?.getText().endsWith(';') ? ';' : ''
  const line = `import { ${name} } from ${quote}${from}${quote}${end}`
  if (last) return { start: last.end, end: last.end, text: `\n${line}` }
  const directive = file.statements.findLast(isDirective)
  if (directive) return { start: directive.end, end: directive.end, text: `\n${line}` }
  const start = file.statements[0]?.getStart() ?? 0
  return { start, end: start, text: `${line}\n` }
}

function brings({ moduleSpecifier, importClause }: ts.ImportDeclaration, name: string, from: string) {
  const bindings = importClause?.namedBindings
  const isFrom = ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text === from
  return (
    isFrom &&
    importClause?.phaseModifier === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.some((each) => each.name.text === name && !each.isTypeOnly)
  )
}

function isDirective(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)
}
