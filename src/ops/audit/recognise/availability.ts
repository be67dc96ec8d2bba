import ts from 'typescript'
import { bare, isNull, lastName } from '../syntax.js'
import { isBackendSetting, isHandedToClient, NAMES_SERVER } from './backend-settings.js'
import { isBacked } from './kinds.js'
import type { Products } from './products.js'

// `redisCluster`, `REDIS_TLS`: how it is reached, not whether it is there.
const NAMES_VARIANT = /cluster|sentinel|tls|ssl|version|prefix|type|mode|namespace/i

/**
 * Whether a condition asks if the backend is there: the truth of a client, or of a setting that names it. A comparison
 * with a value (`store === 'redis'`, `env === 'production'`) is a declared choice and does not count.
 */
export function asksForBackend(condition: ts.Expression, products: Products): boolean {
  const node = bare(condition)
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    return asksForBackend(node.operand, products)
  }
  if (ts.isBinaryExpression(node)) return ofOperator(node, products)
  if (ts.isCallExpression(node) && lastName(node.expression) === 'Boolean' && node.arguments[0]) {
    return asksForBackend(node.arguments[0], products)
  }
  const name = lastName(node)
  if (NAMES_SERVER.test(name)) return !NAMES_VARIANT.test(name)
  const isName = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)
  return (
    (isName && products.of(node).some(({ kind }) => isBacked(kind))) ||
    isBackendSetting(node, products) ||
    (isName && isHandedToClient(node, products))
  )
}

function ofOperator(node: ts.BinaryExpression, products: Products): boolean {
  const { left, right, operatorToken } = node
  switch (operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken:
      return asksForBackend(left, products) || asksForBackend(right, products)
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      if (isNothing(right)) return asksForBackend(left, products)
      return isNothing(left) && asksForBackend(right, products)
    default:
      return false
  }
}

function isNothing(node: ts.Expression): boolean {
  return (
    isNull(bare(node)) || (ts.isStringLiteralLike(node) && (node.text === '' || node.text === 'undefined'))
  )
}
