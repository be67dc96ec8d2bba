import { basename, dirname } from 'node:path'
import ts from 'typescript'
import { hasModifier, isFunction, lastName, type FunctionNode } from '../syntax.js'

/** The named functions, classes and objects around a node, from the inside out. */
export function containersOf(node: ts.Node): { name: string; node: ts.Node }[] {
  const found: { name: string; node: ts.Node }[] = []
  for (let each: ts.Node | undefined = node; each !== undefined; each = each.parent) {
    const isContainer = ts.isFunctionLike(each) || ts.isClassLike(each) || ts.isObjectLiteralExpression(each)
    if (isContainer) found.push({ name: nameGivenTo(each), node: each })
  }
  return found
}

/** The name of a declaration, or of the variable, member or field that an expression is put into. */
export function nameGivenTo(node: ts.Node): string {
  const own = 'name' in node && node.name ? (node.name as ts.Node) : undefined
  if (own && !ts.isObjectBindingPattern(own) && !ts.isArrayBindingPattern(own)) return nameText(own)
  const { parent } = node
  const isHolder =
    parent !== undefined &&
    (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent))
  if (isHolder) return parent.initializer === node ? nameText(parent.name) : ''
  if (parent && ts.isBinaryExpression(parent) && parent.right === node) return lastName(parent.left)
  // `const x = useCallback(() => …)`, `const x = withRetry(async () => …)`
  if (parent && ts.isCallExpression(parent) && ts.isVariableDeclaration(parent.parent))
    return nameText(parent.parent.name)
  return ''
}

function nameText(name: ts.Node): string {
  return ts.isStringLiteralLike(name) ? name.text : name.getText()
}

/** The outermost function that a node is part of; methods count, the functions around their class do not. */
export function outermostFunction(node: ts.Node): FunctionNode | undefined {
  let found: FunctionNode | undefined
  for (
    let each: ts.Node | undefined = node;
    each !== undefined && !ts.isClassLike(each);
    each = each.parent
  ) {
    if (isFunction(each)) found = each
  }
  return found
}

/** The name of a file without directory and extension. */
export function moduleName(file: ts.SourceFile): string {
  return basename(file.fileName).replace(/\.[cm]?[jt]sx?$/, '')
}

/** The name of the directory that a file is in. */
export function folderName(file: ts.SourceFile): string {
  return basename(dirname(file.fileName))
}

/** Whether other modules can call it: exported where it is declared, or named in an export of the file. */
export function isExported(node: FunctionNode | ts.Expression): boolean {
  const statement = ts.isFunctionDeclaration(node) ? node : variableStatementOf(node)
  if (statement && hasModifier(statement, ts.SyntaxKind.ExportKeyword)) return true
  if (ts.isExportAssignment(node.parent)) return true
  const target =
    ts.isBinaryExpression(node.parent) && node.parent.right === node ? node.parent.left : undefined
  if (target && /^(?:module\.)?exports\b/.test(target.getText())) return true
  const name = nameGivenTo(node)
  return name !== '' && statement !== undefined && exportedNames(node.getSourceFile()).has(name)
}

function variableStatementOf(node: ts.Node): ts.Statement | undefined {
  let each: ts.Node = node
  while (each.parent !== undefined && !ts.isStatement(each)) each = each.parent
  return ts.isVariableStatement(each) ? each : undefined
}

/** What `export { … }`, `export default x` and `module.exports = { … }` name. */
function exportedNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>()
  for (const statement of file.statements) {
    if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    )
      for (const { propertyName, name } of statement.exportClause.elements)
        names.add((propertyName ?? name).text)
    if (ts.isExportAssignment(statement)) addNames(statement.expression)
    if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) continue
    const { left, right } = statement.expression
    if (/^(?:module\.)?exports\b/.test(left.getText())) addNames(right)
  }
  return names

  function addNames(value: ts.Expression): void {
    if (ts.isIdentifier(value)) names.add(value.text)
    if (!ts.isObjectLiteralExpression(value)) return
    for (const property of value.properties) {
      if (ts.isShorthandPropertyAssignment(property)) names.add(property.name.text)
      if (ts.isPropertyAssignment(property) && ts.isIdentifier(property.initializer))
        names.add(property.initializer.text)
    }
  }
}
