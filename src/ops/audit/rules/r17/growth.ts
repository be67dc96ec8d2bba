import ts from 'typescript'
import { commandsIn, type Command } from '../../recognise/commands.js'
import type { RuleContext } from '../../rule.js'
import { bare } from '../../syntax.js'

// Of one user there are a handful of things; of these there are as many as there are customers and what they do.
const OF_MANY =
  /tenant|org(?:anization)?s?\b|orgId|workspace|team|compan|account|customer|shop|project|tag|index/i

const WRITES: Record<string, RegExp> = {
  smembers: /^sadd$/,
  hgetall: /^(?:hset|hsetnx|hmset|hincrby(?:float)?)$/,
}

/** A set or hash of a tenant, or of all, to which the code adds entries that it does not name. */
export function growsWithoutBound(read: Command, context: RuleContext): boolean {
  const writes = WRITES[read.name]
  const key = read.args[0]
  if (!writes || !key) return false
  const shape = shapeOf(key, context)
  if (shape === undefined || !(isStatic(shape) || OF_MANY.test(shape))) return false
  return context.project.sources.some((file) =>
    commandsIn(file, context).some(
      ({ name, args }) =>
        writes.test(name) && args[0] && shapeOf(args[0], context) === shape && adds(name, args, context),
    ),
  )
}

/** The key as text, with its constants put in; undefined when it is passed in whole. */
function shapeOf(key: ts.Expression, context: RuleContext): string | undefined {
  const value = resolved(key, context)
  if (ts.isStringLiteralLike(value)) return value.text
  if (!ts.isTemplateExpression(value)) return ts.isCallExpression(value) ? value.getText() : undefined
  return value.templateSpans.reduce((text, { expression, literal }) => {
    const inner = resolved(expression, context)
    return `${text}${ts.isStringLiteralLike(inner) ? inner.text : `\${${inner.getText()}}`}${literal.text}`
  }, value.head.text)
}

function resolved(node: ts.Expression, { project }: RuleContext): ts.Expression {
  const value = bare(node)
  const isName = ts.isIdentifier(value) || ts.isPropertyAccessExpression(value)
  const declaration = isName
    ? project.declarationOf(ts.isPropertyAccessExpression(value) ? value.name : value)
    : undefined
  const isHolder =
    declaration !== undefined &&
    (ts.isVariableDeclaration(declaration) ||
      ts.isPropertyDeclaration(declaration) ||
      ts.isPropertyAssignment(declaration))
  return isHolder && declaration.initializer ? bare(declaration.initializer) : value
}

function isStatic(shape: string): boolean {
  return !/[${(]/.test(shape)
}

/** Members or fields that are not written in the code. */
function adds(name: string, args: readonly ts.Expression[], context: RuleContext): boolean {
  const entries = name === 'sadd' ? args.slice(1) : args.slice(1, 2)
  return entries.some((each) => {
    const value = resolved(each, context)
    if (ts.isObjectLiteralExpression(value))
      return value.properties.some((property) => property.name && ts.isComputedPropertyName(property.name))
    // `hset(key, record)` writes what a record has, which is as many fields as somebody wrote down.
    if (name !== 'sadd' && args.length === 2) return false
    return !ts.isStringLiteralLike(value) && !ts.isNumericLiteral(value)
  })
}
