import ts from 'typescript'
import type { Command } from '../../recognise/commands.js'
import { conditionsOf } from '../../recognise/conditions.js'
import type { RuleContext } from '../../rule.js'
import { all, bare, isWithin, lastName } from '../../syntax.js'

export interface Condition {
  /** The expiry is set only by the call that finds the key new. */
  isOnce: boolean
  /** It is set where the key turns out to have none. */
  asksTtl: boolean
}

/** Under what condition on the written key an expiry is set. */
export function conditionOf(expire: ts.CallExpression, write: Command, context: RuleContext): Condition {
  const conditions = conditionsOf(expire)
  return {
    isOnce: conditions.some((each) => isWithin(write.call, each) || asksResult(each, write, context)),
    asksTtl: conditions.some((each) => asksForTtl(each, context)),
  }
}

/** It compares what the write answered with the first count, or asks whether there was a key. */
function asksResult(condition: ts.Expression, write: Command, { project }: RuleContext): boolean {
  return all(condition, ts.isIdentifier).some((name) => {
    const declaration = project.declarationOf(name)
    const value = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined
    if (!value || !isWithin(write.call, value)) return false
    return isFirst(name)
  })
}

function isFirst(name: ts.Identifier): boolean {
  let node: ts.Node = name
  while (ts.isCallExpression(node.parent) || ts.isParenthesizedExpression(node.parent)) node = node.parent
  const { parent } = node
  if (!ts.isBinaryExpression(parent)) return true
  const other = bare(parent.left === node ? parent.right : parent.left)
  return !ts.isNumericLiteral(other) || Number(other.text) <= 2
}

/** `ttl < 0`, `(await redis.ttl(key)) === -1`: Redis says so of a key that has no expiry. */
function asksForTtl(condition: ts.Expression, { project }: RuleContext): boolean {
  const isTtl = (node: ts.Expression): boolean => {
    const value = bare(node)
    if (/ttl$/i.test(lastName(value))) return true
    const declaration = ts.isIdentifier(value) ? project.declarationOf(value) : undefined
    return (
      declaration !== undefined &&
      ts.isVariableDeclaration(declaration) &&
      /\bp?ttl\(/i.test(declaration.initializer?.getText() ?? '')
    )
  }
  return all(condition, ts.isBinaryExpression).some(
    ({ left, right }) => (isTtl(left) && isNone(right)) || (isTtl(right) && isNone(left)),
  )
}

function isNone(node: ts.Expression): boolean {
  return /^(?:-\s*[12]|0)$/.test(node.getText())
}
