import ts from 'typescript'
import { all, bare } from '../syntax.js'
import type { Fix } from '../rule.js'
import { complaint } from './complaint.js'

/** What is said of a failure: never a key or value, nor an error with all that it carries. */
export interface Said {
  /** Such as `loadProfile: get of Redis failed`. */
  text: string
  /** `name` where the client puts commands into the texts of its errors, or may do so. */
  of: 'message' | 'name'
}

/** A log line at the beginning of a silent handler; undefined where the code that would say it is elsewhere, or has no room for it. */
export function logFailure(handler: ts.Node, said: Said): Fix | undefined {
  if (ts.isCatchClause(handler)) return inCatch(handler, said)
  const callback = ts.isExpression(handler) ? bare(handler) : handler
  return ts.isArrowFunction(callback) || ts.isFunctionExpression(callback)
    ? inCallback(callback, said)
    : undefined
}

function inCatch(clause: ts.CatchClause, said: Said): Fix | undefined {
  const { block, variableDeclaration } = clause
  if (variableDeclaration && !ts.isIdentifier(variableDeclaration.name)) return undefined
  const name = variableDeclaration?.name.getText()
  if (mentions(block, name ?? 'error')) return undefined
  const keyword = clause.getStart() + 'catch'.length
  return fixOf(clause, [
    ...(name === undefined ? [insertion(keyword, ' (error)')] : []),
    intoBlock(block, lineFor(block, name ?? 'error', said)),
  ])
}

function inCallback(callback: ts.ArrowFunction | ts.FunctionExpression, said: Said): Fix | undefined {
  const { parameters, body } = callback
  const [first] = parameters
  if (first && !ts.isIdentifier(first.name)) return undefined
  const name = first?.name.getText()
  if (mentions(body, name ?? 'error')) return undefined
  const parameter = name === undefined ? [insertion(parameters.pos, 'error')] : []
  const line = lineFor(body, name ?? 'error', said)
  if (ts.isBlock(body)) return fixOf(callback, [...parameter, intoBlock(body, line)])
  return fixOf(callback, [
    ...parameter,
    insertion(body.getStart(), `{ ${line}; return `),
    insertion(body.end, ' }'),
  ])
}

/** What looks at the error knows more of it than we do; and another `error` outside must stay what it is. */
function mentions(node: ts.Node, name: string): boolean {
  return all(node, ts.isIdentifier).some(({ text }) => text === name)
}

function lineFor(at: ts.Node, error: string, { text, of }: Said): string {
  const plain = text.replaceAll(/[^\w .,:#-]/g, '')
  return complaint(at, `\`${plain}: \${${error} instanceof Error ? ${error}.${of} : 'unknown'}\``)
}

function intoBlock(block: ts.Block, line: string) {
  const file = block.getSourceFile()
  const { text } = file
  const start = block.getStart() + 1
  const [first] = block.statements
  if (!/^[ \t]*(?:\/\/[^\n]*)?\r?\n/.test(text.slice(start))) {
    // On one line with what follows.
    return insertion(start, first ? ` ${line};` : ` ${line}${text[start] === '}' ? ' ' : ''}`)
  }
  const indentAt = (position: number) => {
    const from = file.getLineStarts()[file.getLineAndCharacterOfPosition(position).line]!
    return /^[ \t]*/.exec(text.slice(from))![0]
  }
  const outer = indentAt(block.getStart())
  const inner = first ? indentAt(first.getStart()) : `${outer}${outer.startsWith('\t') ? '\t' : '  '}`
  // Without a semicolon, what begins like this would be read on as one statement.
  const isContinued = first !== undefined && /^[([`+\-/]/.test(first.getText())
  const end = isContinued || /;[ \t]*\r?$/m.test(text) ? ';' : ''
  return insertion(start, `\n${inner}${line}${end}`)
}

function insertion(position: number, text: string) {
  return { start: position, end: position, text }
}

function fixOf(node: ts.Node, edits: { start: number; end: number; text: string }[]): Fix {
  const file = node.getSourceFile()
  return { title: 'log the failure', edits: edits.map((edit) => ({ file, ...edit })) }
}
