import ts from 'typescript'
import { nodesOf } from '../nodes.js'

/**
 * The names of all members and exports that the files declare. What is read from a thing under another name is of the
 * language or of a package that is not read: to find that out, the checker would infer the type of the thing.
 */
export function declaredNames(files: readonly ts.SourceFile[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const file of files) {
    for (const node of nodesOf(file).list) {
      const name = nameIn(node)
      if (name !== undefined) names.add(name)
    }
    // In JavaScript, comments and calls declare members too.
    if (/\.[cm]?jsx?$/.test(file.fileName)) addWords(file.text, names)
  }
  return names
}

function nameIn(node: ts.Node): string | undefined {
  switch (node.kind) {
    // Its name is only used, or cannot be reached through a thing.
    case ts.SyntaxKind.ImportSpecifier:
    case ts.SyntaxKind.ImportClause:
    case ts.SyntaxKind.NamespaceImport:
    case ts.SyntaxKind.TypeParameter:
      return undefined
    case ts.SyntaxKind.PropertyAccessExpression:
    case ts.SyntaxKind.ElementAccessExpression:
      return assignedName(node as ts.AccessExpression)
    case ts.SyntaxKind.Parameter:
      return (node as ts.ParameterDeclaration).modifiers && nameOf(node)
    case ts.SyntaxKind.BindingElement:
    case ts.SyntaxKind.VariableDeclaration:
    case ts.SyntaxKind.FunctionDeclaration:
      return isLocal(node) ? undefined : nameOf(node)
    default:
      return nameOf(node)
  }
}

/** Declared within a function: nobody can reach it through a thing. */
function isLocal(node: ts.Node): boolean {
  let each = node.parent
  while (!ts.isBlock(each) && !ts.isParameter(each)) {
    if (ts.isSourceFile(each) || ts.isModuleBlock(each)) return false
    each = each.parent
  }
  return true
}

/** `exports.connect = …`, `this['#connection'] = …`. */
function assignedName(node: ts.AccessExpression): string | undefined {
  const { parent } = node
  if (!ts.isBinaryExpression(parent) || parent.left !== node) return undefined
  return ts.isPropertyAccessExpression(node) ? node.name.text : textOf(node.argumentExpression)
}

function nameOf(node: ts.Node): string | undefined {
  const { name } = node as Partial<ts.NamedDeclaration>
  if (name === undefined) return undefined
  return textOf(ts.isComputedPropertyName(name) ? name.expression : name)
}

function textOf(node: ts.Node): string | undefined {
  const { text } = node as Partial<ts.LiteralLikeNode>
  return typeof text === 'string' ? text : undefined
}

const COMMENT_OR_TEXT = /\/\*\*[^]*?\*\/|'\w+'|"\w+"/g

function addWords(text: string, names: Set<string>): void {
  for (const [part] of text.matchAll(COMMENT_OR_TEXT)) {
    for (const [word] of part.matchAll(/[\w$]+/g)) names.add(word)
  }
}
