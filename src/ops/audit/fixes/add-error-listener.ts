import ts from 'typescript'
import type { Construction } from '../recognise/clients.js'
import type { Fix } from '../rule.js'
import { complaint } from './complaint.js'

/** A listener behind the statement that makes a connection; undefined where the connection has no name of its own. */
export function addErrorListener({ node, holder }: Construction): Fix | undefined {
  if (!holder || !ts.isVariableDeclaration(holder) || !ts.isIdentifier(holder.name)) return undefined
  // What stands between the name and the connection may make it something else, or nothing.
  if (holder.initializer !== node) return undefined
  const list = holder.parent
  const statement = list.parent
  const isAlone =
    ts.isVariableDeclarationList(list) && list.declarations.length === 1 && ts.isVariableStatement(statement)
  if (!isAlone || !(ts.isSourceFile(statement.parent) || ts.isBlock(statement.parent))) return undefined
  const file = node.getSourceFile()
  const lineStart = file.getLineStarts()[file.getLineAndCharacterOfPosition(statement.getStart(file)).line]!
  const indent = /^[ \t]*/.exec(file.text.slice(lineStart))![0]
  const end = file.text[statement.end - 1] === ';' ? ';' : ''
  const message = `\`Redis: \${error.message}\``
  // In TypeScript the parameter's type comes from the client, and is unknown where the client is `any`.
  const listener = `${holder.name.text}.on('error', (error) => ${complaint(statement, message)})${end}`
  return {
    title: 'add a listener that logs errors',
    edits: [{ file, start: statement.end, end: statement.end, text: `\n${indent}${listener}` }],
  }
}
