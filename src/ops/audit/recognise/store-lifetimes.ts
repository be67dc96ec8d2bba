import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, bare, functionAt, hasModifier, isFunction, isWithin, lastName, own } from '../syntax.js'
import { nameGivenTo } from './containers.js'
import { membersOf } from './function-members.js'
import { outlives } from './long-lived.js'
import { isOnGlobal, type Holder } from './store-values.js'

export function outlivesRequest(node: Holder, context: RuleContext): boolean {
  if (ts.isVariableDeclaration(node)) {
    const maker = above(node, ts.isFunctionLike)
    return maker === undefined || isGivenOut(node, maker, context) || isForHandlers(node, context)
  }
  if (isOnGlobal(node)) return true
  const holder = above(node, ts.isClassLike)
  return hasModifier(node, ts.SyntaxKind.StaticKeyword) || (holder !== undefined && outlives(holder, context))
}

// What is made anew for each request is gone with it.
const OF_REQUEST =
  /request|loader|context|scope|handler|session$|^use[A-Z]|^with[A-Z]|component|parse|build(?!er)/i

/** `createLimiter() { const hits = new Map(); return (req, res, next) => … }`: it lives as long as what is given out. */
function isGivenOut(
  node: ts.VariableDeclaration,
  maker: ts.SignatureDeclaration,
  context: RuleContext,
): boolean {
  const name = nameGivenTo(maker)
  const isOfLimiter = /limit|throttl|lockout/i.test(`${name} ${namesGivenOut(maker)}`)
  if (!isOfLimiter && (!/cache|store|replay|nonce|dedup|registry/i.test(name) || OF_REQUEST.test(name)))
    return false
  if (!isFunction(maker) || !ts.isBlock(maker.body)) return false
  const given = own(maker.body, ts.isReturnStatement).flatMap(({ expression }) =>
    expression ? [bare(expression)] : [],
  )
  const parts = given.flatMap((value): ts.Node[] => {
    if (isFunction(value)) return [value]
    if (ts.isObjectLiteralExpression(value)) return [...membersOf(value, context.project).values()]
    const declaration = ts.isIdentifier(value) ? context.project.declarationOf(value) : undefined
    const found = declaration && functionAt(declaration)
    return found ? [found] : []
  })
  return context.references.to(node).some((use) => parts.some((part) => isWithin(use, part)))
}

/** `return async function isLimited(id) { … }`: what it gives out has a name of its own. */
function namesGivenOut(maker: ts.SignatureDeclaration): string {
  if (!isFunction(maker) || !ts.isBlock(maker.body)) return ''
  const given = own(maker.body, ts.isReturnStatement).flatMap(({ expression }) =>
    expression ? [bare(expression)] : [],
  )
  return given.map((value) => (ts.isFunctionExpression(value) ? (value.name?.text ?? '') : '')).join(' ')
}

const REGISTERS = /^(?:use|all|get|post|put|patch|delete|addHook|register)$/

const SERVES = /^(?:\w*app|\w*router|\w*server|fastify|api|hono)$/i

/** `app.use((req, res, next) => hits.get(req.ip))`: what a handler knows lives as long as the application. */
function isForHandlers(node: ts.VariableDeclaration, { references }: RuleContext): boolean {
  const isOne = node.initializer !== undefined && ts.isNewExpression(bare(node.initializer))
  if (!isOne) return false
  return references.to(node).some((use) => {
    for (let each = above(use, isFunction); each && !isWithin(node, each); each = above(each, isFunction)) {
      const { parent } = each
      const callee = ts.isCallExpression(parent) ? parent.expression : undefined
      if (!callee || !ts.isPropertyAccessExpression(callee)) continue
      if (REGISTERS.test(callee.name.text) && SERVES.test(lastName(callee.expression))) return true
    }
    return false
  })
}
