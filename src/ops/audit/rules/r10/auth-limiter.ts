import ts from 'typescript'
import type { RuleContext, Violation } from '../../rule.js'
import { bare, lastName } from '../../syntax.js'
import { REMEDY } from './remedy.js'

/** `betterAuth({ rateLimit: { max, window } })`: its limiter counts in the process unless it is given where. */
export function* authLimiter(call: ts.CallExpression, context: RuleContext): Generator<Violation> {
  if (lastName(call.expression) !== 'betterAuth') return
  if (!/['"]better-auth(?:\/minimal)?['"]/.test(call.getSourceFile().text)) return
  const settings = literalOf(call.arguments[0], context)
  if (!settings || isOpen(settings)) return
  const limit = valueOf(settings, 'rateLimit')
  const limits = literalOf(limit, context)
  if (!limit || !limits || isOpen(limits)) return
  if (/^(?:false|undefined)$/.test(valueOf(limits, 'enabled')?.getText() ?? '')) return
  const storage = valueOf(limits, 'storage')
  const isInMemory =
    storage && ts.isStringLiteralLike(bare(storage)) && bare(storage).getText().includes('memory')
  const isElsewhere =
    valueOf(limits, 'customStorage') !== undefined ||
    (storage !== undefined && !isInMemory) ||
    (storage === undefined && valueOf(settings, 'secondaryStorage') !== undefined)
  if (isElsewhere) return
  yield {
    node: limit.parent,
    message:
      'The limits of betterAuth without `secondaryStorage`, or `storage` of their own, are counted in the memory of each process: with n instances a limit is n times what it says, and a restart forgets it.',
    remedy: `Give betterAuth a \`secondaryStorage\` over the Redis that all instances share, or \`rateLimit\` a \`customStorage\`. ${REMEDY}`,
  }
}

function literalOf(
  given: ts.Expression | undefined,
  { project }: RuleContext,
): ts.ObjectLiteralExpression | undefined {
  const value = given && bare(given)
  const declaration = value && ts.isIdentifier(value) ? project.declarationOf(value) : undefined
  const made =
    declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
      ? bare(declaration.initializer)
      : value
  return made && ts.isObjectLiteralExpression(made) ? made : undefined
}

/** What is spread into it may have what is looked for. */
function isOpen({ properties }: ts.ObjectLiteralExpression): boolean {
  return properties.some(ts.isSpreadAssignment)
}

function valueOf({ properties }: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const found = properties.find((each) => each.name?.getText() === name)
  if (found && ts.isPropertyAssignment(found)) return found.initializer
  return found && ts.isShorthandPropertyAssignment(found) ? found.name : undefined
}
