import ts from 'typescript'
import { nodesOf } from '../nodes.js'

/** A name on a line, as an expression or as what is declared under it. */
export interface NamedThing {
  /** What is shown and pointed at: `this.redis`, `createCache`. */
  node: ts.Node
  /** What the checker knows it by: the `redis` of it. */
  name: ts.Node
}

/** The things that are named on a line, each spelling once, in the order of the code. */
export function namedOn(file: ts.SourceFile, line: number): NamedThing[] {
  const found = new Map<string, NamedThing>()
  for (const node of nodesOn(file, line)) {
    const thing = thingAt(node)
    const text = thing?.node.getText()
    if (thing && text !== undefined && !found.has(text)) found.set(text, thing)
  }
  return [...found.values()]
}

/** The nodes that begin on a line. */
export function nodesOn(file: ts.SourceFile, line: number): ts.Node[] {
  const starts = file.getLineStarts()
  const from = starts[line - 1] ?? 0
  const to = starts[line] ?? file.text.length + 1
  return nodesOf(file).list.filter((node) => {
    if (ts.isSourceFile(node) || node.end <= from || node.pos >= to) return false
    const start = node.getStart(file)
    return start >= from && start < to
  })
}

function thingAt(node: ts.Node): NamedThing | undefined {
  if (node.kind === ts.SyntaxKind.ThisKeyword) return memberOf(node) ? undefined : { node, name: node }
  if (!ts.isIdentifier(node) && !ts.isPrivateIdentifier(node)) return undefined
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return { node: parent, name: node }
  return isLabel(node) ? undefined : { node, name: node }
}

/** `this.redis` speaks for its `this`. */
function memberOf(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node
}

/** It names no thing: the old name of an import, a key of an object, a parameter of a type. */
function isLabel(node: ts.Identifier | ts.PrivateIdentifier): boolean {
  const { parent } = node
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isBindingElement(parent))
    return parent.propertyName === node
  if (ts.isPropertyAssignment(parent)) return parent.name === node && !ts.isFunctionLike(parent.initializer)
  return (
    ts.isJsxAttribute(parent) ||
    ts.isLabeledStatement(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isTypeParameterDeclaration(parent) ||
    (ts.isParameter(parent) && !('body' in parent.parent))
  )
}
