import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { bare, isAssignment } from '../syntax.js'

/** What the options of a client say, as far as they stand in the code. */
export interface ClientSettings {
  /** By name; the value that counts is the last one. */
  values: ReadonlyMap<string, ts.Expression>
  /** Something was spread or passed in that cannot be read here: what is absent may still be set. */
  isOpen: boolean
}

/**
 * Reads the options given to a client: literals, constants and what is put into them afterwards, spreads of constants,
 * `redisOptions` of a cluster.
 */
export function settingsOf(args: readonly ts.Expression[], context: RuleContext): ClientSettings {
  const values = new Map<string, ts.Expression>()
  let isOpen = false
  const read = (node: ts.Expression, depth: number): void => {
    const literal = literalOf(bare(node), context)
    if (!literal || depth > 4) {
      isOpen = true
      return
    }
    for (const property of literal.properties) {
      if (ts.isSpreadAssignment(property)) readSpread(property.expression, depth)
      else if (ts.isPropertyAssignment(property)) {
        const name = property.name.getText().replaceAll(/['"]/g, '')
        const inner = bare(property.initializer)
        if (/^(?:redisOptions|socket|defaults)$/.test(name)) read(inner, depth + 1)
        else values.set(name, inner)
      } else if (ts.isShorthandPropertyAssignment(property)) values.set(property.name.text, property.name)
      else if (ts.isMethodDeclaration(property))
        values.set(property.name.getText(), property.name as ts.Expression)
    }
    for (const [name, value] of putLater(bare(node), context)) values.set(name, value)
  }
  // `...(condition ? { … } : {})` may or may not set; what it sets, if it does, is what somebody meant.
  const readSpread = (node: ts.Expression, depth: number): void => {
    const spread = bare(node)
    if (ts.isConditionalExpression(spread)) {
      readSpread(spread.whenTrue, depth)
      readSpread(spread.whenFalse, depth)
    } else if (ts.isBinaryExpression(spread)) readSpread(spread.right, depth)
    else read(spread, depth + 1)
  }
  for (const arg of args) if (!isAddress(bare(arg), context)) read(arg, 0)
  return { values, isOpen }
}

/** Host, port, URL or node list: no options. */
function isAddress(node: ts.Expression, context: RuleContext): boolean {
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node) || ts.isTemplateExpression(node)) return true
  if (ts.isArrayLiteralExpression(node)) return true
  return (
    literalOf(node, context) === undefined &&
    /url|uri|host|port|nodes|connection|env|dsn/i.test(node.getText())
  )
}

function literalOf(node: ts.Expression, context: RuleContext): ts.ObjectLiteralExpression | undefined {
  if (ts.isObjectLiteralExpression(node)) return node
  const value = constantOf(node, context)?.initializer
  const literal = value && bare(value)
  return literal && ts.isObjectLiteralExpression(literal) ? literal : undefined
}

function constantOf(node: ts.Expression, { project }: RuleContext): ts.VariableDeclaration | undefined {
  const declaration = ts.isIdentifier(node) ? project.declarationOf(node) : undefined
  return declaration && ts.isVariableDeclaration(declaration) ? declaration : undefined
}

/** `options.commandTimeout = 100`, wherever it stands. */
function putLater(node: ts.Expression, context: RuleContext): [string, ts.Expression][] {
  const declaration = constantOf(node, context)
  const uses = declaration ? context.references.to(declaration) : []
  return uses.flatMap(({ parent }) => {
    if (!ts.isPropertyAccessExpression(parent) || !isAssignment(parent.parent)) return []
    return parent.parent.left === parent ? [[parent.name.text, bare(parent.parent.right)]] : []
  })
}
