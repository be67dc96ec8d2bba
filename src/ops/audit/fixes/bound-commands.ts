import ts from 'typescript'
import type { Construction } from '../recognise/clients.js'
import type { Fix, RuleContext } from '../rule.js'
import { bare } from '../syntax.js'

// No command of a cache that is well takes as long, and a request can still be answered after it.
const OPTION = 'commandTimeout: 1000'
// Commands that wait by design, and connections on which all of them do.
const WAITS = /\.(?:b[lrz]\w*(?:pop|move|push)\w*|xread\w*|p?subscribe|wait|monitor)\(/i

/** A `commandTimeout` among the options of ioredis; undefined where they do not stand in the code, or commands may wait on purpose. */
export function boundCommands(made: Construction, { project }: RuleContext): Fix | undefined {
  const { node, isCluster } = made
  const file = node.getSourceFile()
  if (isCluster || !ts.isNewExpression(node) || !node.arguments || mayWait(made, project)) return undefined
  const last = node.arguments.at(-1)
  const options = last && bare(last)
  const title = `add \`${OPTION}\``
  if (options && ts.isObjectLiteralExpression(options)) {
    return { title, edits: [{ file, ...intoLiteral(options, file) }] }
  }
  if (node.arguments.some((each) => !isAddress(bare(each)))) return undefined
  const start = node.arguments.end
  const text = node.arguments.length === 0 ? `{ ${OPTION} }` : `, { ${OPTION} }`
  return node.arguments.hasTrailingComma ? undefined : { title, edits: [{ file, start, end: start, text }] }
}

/** In its own file, or in one that speaks of it. */
function mayWait({ node, holder }: Construction, { sources }: RuleContext['project']): boolean {
  const file = node.getSourceFile()
  const name = holder?.name?.getText() ?? ''
  return sources.some((each) => (each === file || each.text.includes(name)) && WAITS.test(each.text))
}

function intoLiteral(literal: ts.ObjectLiteralExpression, file: ts.SourceFile) {
  const { properties } = literal
  const last = properties.at(-1)
  if (!last) return { start: literal.getStart(file), end: literal.end, text: `{ ${OPTION} }` }
  const [first] = properties
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line
  const isBroken = lineOf(literal.getStart(file)) !== lineOf(first!.getStart(file))
  if (!isBroken) return { start: last.end, end: last.end, text: `, ${OPTION}` }
  const lineStart = file.getLineStarts()[lineOf(first!.getStart(file))]!
  const indent = /^[ \t]*/.exec(file.text.slice(lineStart))![0]
  // Before the others: what they spread may still say more.
  return { start: first!.getStart(file), end: first!.getStart(file), text: `${OPTION},\n${indent}` }
}

/** Literals and settings of the environment, which are no options. */
function isAddress(node: ts.Expression): boolean {
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isNumericLiteral(node)) return true
  if (ts.isBinaryExpression(node)) return isAddress(bare(node.left)) && isAddress(bare(node.right))
  return (
    /^(?:process|import\.meta|Bun)\.env\b/.test(node.getText()) || /(?:url|uri|dsn)$/i.test(node.getText())
  )
}
