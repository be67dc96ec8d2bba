import ts from 'typescript'
import { isFunction } from '../syntax.js'

const LOGGERS = /^(?:logger|log)$/
const SAYS = String.raw`\.(?:warn|error|info)\(`

/** A call that logs a text as the file's other lines do: by the logger of its class or its own if it has one, else the console. */
export function complaint(at: ts.Node, text: string): string {
  const file = at.getSourceFile()
  const ofClass = /\bthis\.(logger|log)\.(?:warn|error)\(/.exec(classAround(at)?.getText() ?? '')?.[1]
  if (ofClass !== undefined) return `this.${ofClass}.warn(${text})`
  const logger = file.statements.flatMap(namesOf).find((name) => LOGGERS.test(name))
  const says = logger !== undefined && new RegExp(String.raw`\b${logger}${SAYS}`).test(file.text)
  return `${says ? logger : 'console'}.warn(${text})`
}

/** The class that `this` is an instance of; undefined where `this` is something else. */
function classAround(node: ts.Node): ts.Node | undefined {
  for (let each = node; !ts.isSourceFile(each); each = each.parent) {
    if (ts.isClassLike(each.parent)) {
      const isStatic = ts.canHaveModifiers(each) && each.modifiers?.some(isStaticKeyword)
      return isStatic ? undefined : each.parent
    }
    if (isFunction(each) && !ts.isArrowFunction(each) && !ts.isClassLike(each.parent)) return undefined
  }
  return undefined
}

function isStaticKeyword({ kind }: ts.Node): boolean {
  return kind === ts.SyntaxKind.StaticKeyword
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
