import ts from 'typescript'
import type { Project } from '../../project/project.js'
import { bare, isNull, nameOf } from '../../syntax.js'
import type { Command } from './commands.js'

/** The lifetime that a write gives its key. */
export type WrittenTtl =
  | { is: 'given'; node: ts.Expression; seconds: number | null }
  /** The key keeps the one that it has. */
  | { is: 'kept' }
  | { is: 'none' }
  /** Options that are made elsewhere. */
  | { is: 'unread' }

const UNITS: Record<string, number> = { ex: 1, px: 0.001, seconds: 1, milliseconds: 0.001 }
const AT = /^(?:exat|pxat)$/
// Of the others it is known without their arguments that none is a lifetime.
const TAKES_ONE = /^(?:set|p?setex|p?expire(?:at)?)$/

/** What stands in the command itself; EXPIRE is a command of its own. */
export function ttlOf({ name, args }: Command, project: Project): WrittenTtl {
  if (args.some(ts.isSpreadElement)) return { is: TAKES_ONE.test(name) ? 'unread' : 'none' }
  if (name === 'setex') return given(args[1], 1, project)
  if (name === 'psetex') return given(args[1], 0.001, project)
  if (name === 'expire') return given(args[1], 1, project)
  if (name === 'pexpire') return given(args[1], 0.001, project)
  if (name === 'expireat' || name === 'pexpireat') return given(args[1], null, project)
  if (name !== 'set') return { is: 'none' }
  return ofSet(args.slice(2), project)
}

function ofSet(options: readonly ts.Expression[], project: Project): WrittenTtl {
  let unread = false
  for (const [at, option] of options.entries()) {
    const inner = resolved(bare(option), project)
    if (ts.isStringLiteralLike(inner)) {
      const word = inner.text.toLowerCase()
      if (word === 'keepttl') return { is: 'kept' }
      if (word in UNITS) return given(options[at + 1], UNITS[word]!, project)
      if (AT.test(word)) return given(options[at + 1], null, project)
    } else if (ts.isObjectLiteralExpression(inner)) {
      const found = ofLiteral(inner, project)
      if (found.is === 'unread') unread = true
      else if (found.is !== 'none') return found
    } else if (!isPlain(inner)) unread = true
  }
  return { is: unread ? 'unread' : 'none' }
}

/** `{ EX: 60 }`, `{ ex: 60, nx: true }`, `{ expiration: { type: 'EX', value: 60 } }`. */
function ofLiteral(literal: ts.ObjectLiteralExpression, project: Project): WrittenTtl {
  for (const property of literal.properties) {
    if (!property.name) return { is: 'unread' }
    const name = property.name.getText().replaceAll(/['"]/g, '').toLowerCase()
    const value = ts.isPropertyAssignment(property)
      ? property.initializer
      : ts.isShorthandPropertyAssignment(property)
        ? property.name
        : undefined
    if (!value) continue
    if (name === 'keepttl') return { is: 'kept' }
    if (name in UNITS) return given(value, UNITS[name]!, project)
    if (AT.test(name)) return given(value, null, project)
    if (name !== 'expiration') continue
    const inner = bare(value)
    if (!ts.isObjectLiteralExpression(inner)) return { is: 'unread' }
    const named = new Map(
      inner.properties
        .filter(ts.isPropertyAssignment)
        .map((each) => [each.name.getText(), bare(each.initializer)]),
    )
    const type = named.get('type')
    const unit = type && ts.isStringLiteralLike(type) ? (UNITS[type.text.toLowerCase()] ?? null) : null
    return given(named.get('value') ?? value, unit, project)
  }
  return { is: 'none' }
}

function given(node: ts.Expression | undefined, secondsPerUnit: number | null, project: Project): WrittenTtl {
  if (!node || isNull(bare(node))) return { is: 'none' }
  const value = secondsPerUnit === null ? null : numberOf(node, project)
  return { is: 'given', node, seconds: value === null ? null : value * secondsPerUnit! }
}

/** A number that stands in the code: a literal, a product of some, a constant, also an imported one. */
export function numberOf(node: ts.Expression, project: Project, depth = 0): number | null {
  const inner = bare(node)
  if (depth > 6) return null
  if (ts.isNumericLiteral(inner)) return Number(inner.text.replaceAll('_', ''))
  if (ts.isStringLiteralLike(inner)) return /^\d+$/.test(inner.text) ? Number(inner.text) : null
  if (ts.isCallExpression(inner) && /^(?:String|Number|Math\.\w+)$/.test(inner.expression.getText())) {
    return inner.arguments.length === 1 ? numberOf(inner.arguments[0]!, project, depth + 1) : null
  }
  if (ts.isBinaryExpression(inner)) {
    const left = numberOf(inner.left, project, depth + 1)
    const right = numberOf(inner.right, project, depth + 1)
    if (left === null || right === null) return null
    switch (inner.operatorToken.kind) {
      case ts.SyntaxKind.AsteriskToken:
        return left * right
      case ts.SyntaxKind.PlusToken:
        return left + right
      case ts.SyntaxKind.MinusToken:
        return left - right
      case ts.SyntaxKind.SlashToken:
        return left / right
      default:
        return null
    }
  }
  const value = resolved(inner, project)
  return value === inner ? null : numberOf(value, project, depth + 1)
}

/** The value of a constant, enum member or member of a constant object; else the expression itself. */
function resolved(node: ts.Expression, project: Project): ts.Expression {
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return node
  const declaration = project.declarationOf(nameOf(node))
  if (!declaration) return node
  const isConstant =
    (ts.isVariableDeclaration(declaration) && ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) ||
    ts.isEnumMember(declaration) ||
    ts.isPropertyAssignment(declaration) ||
    (ts.isPropertyDeclaration(declaration) &&
      declaration.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword))
  const value = isConstant ? (declaration as ts.VariableDeclaration).initializer : undefined
  return value ? bare(value) : node
}

function isPlain(node: ts.Expression): boolean {
  return (
    ts.isLiteralExpression(node) ||
    isNull(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword
  )
}
