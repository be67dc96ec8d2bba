import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, bare, isAssignment, isWithin } from '../syntax.js'
import { heldBy } from './shape.js'

/** Whether objects of a class live as long as the process. */
export function outlives(node: ts.ClassLikeDeclaration, context: RuleContext): boolean {
  return isSingleton(node, context, 0) || isNamedForState(node) || opensClient(node, context)
}

// Whoever made one of these for each request would have nothing of it.
const OF_STATE =
  /(?:Limiter|RateLimit|Throttler|Throttle|Lockout|Memory(?:Cache|Store|Storage|KV|Redis)|(?:Memory|Local|InMemory)\w*(?:Cache|Store|Storage|Limiter|Redis|KV))$/
const OF_REQUEST = /request|scoped|loader|batch|context|mock|fake|test/i

function isNamedForState({ name }: ts.ClassLikeDeclaration): boolean {
  return name !== undefined && OF_STATE.test(name.text) && !OF_REQUEST.test(name.text)
}

const CLOCK =
  /Date\.now\(\)|new Date\(\)|performance\.now\(\)|expir|\bnow\b|cut_?off|\b(?:reset|window|last|created)_?(?:at|time|start|end|seen|used)\b/i

/** Its entries are taken out when they are too old: in an object that lives for one request, nothing grows old. */
export function growsOld(field: ts.PropertyDeclaration | ts.PropertyAccessExpression): boolean {
  const name = `this.${field.name.getText()}.delete`
  const holder = above(field, ts.isClassLike)
  return all(holder ?? field, ts.isIfStatement).some(
    ({ expression, thenStatement }) =>
      CLOCK.test(expression.getText()) &&
      all(thenStatement, ts.isCallExpression).some((call) => call.expression.getText() === name),
  )
}

/** Made once per process: by a container, by its own accessor, or at the top level of a module. */
function isSingleton(node: ts.ClassLikeDeclaration, context: RuleContext, depth: number): boolean {
  if (
    ts.canHaveDecorators(node) &&
    ts
      .getDecorators(node)
      ?.some(({ expression }) =>
        /^(?:Injectable|Service|Singleton|Controller|singleton|injectable)\b/.test(expression.getText()),
      )
  )
    return true
  return context.references.to(node).some((use) => {
    if (!ts.isNewExpression(use.parent) || use.parent.expression !== use) return false
    const maker = above(use, ts.isFunctionLike)
    if (maker !== undefined && (isWithin(maker, node) || isMadeOnce(use.parent.parent))) return true
    const holder = above(use, ts.isClassLike)
    if (holder === node) return true
    // A part of what is made once; a field has no function around it.
    const isPart = holder !== undefined && (maker === undefined || ts.isConstructorDeclaration(maker))
    if (isPart) return depth < 3 && (isSingleton(holder, context, depth + 1) || isNamedForState(holder))
    return maker === undefined || isCalledAtLoad(maker, context)
  })
}

/** `const limiter = makeLimiter()` at the top level of a module. */
function isCalledAtLoad(maker: ts.SignatureDeclaration, { references }: RuleContext): boolean {
  const named = maker.name ? maker : ts.isVariableDeclaration(maker.parent) ? maker.parent : undefined
  return (
    named !== undefined &&
    references.to(named as ts.NamedDeclaration).some((use) => {
      const isCall = ts.isCallExpression(use.parent) && use.parent.expression === use
      return isCall && above(use, ts.isFunctionLike) === undefined
    })
  )
}

/** `this.limiter ??= new Limiter()`, `if (!limiter) limiter = new Limiter()`: kept for whoever asks next. */
export function isMadeOnce(parent: ts.Node): boolean {
  if (!isAssignment(parent) || !ts.isNewExpression(parent.right)) return false
  if (parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return true
  const guard = above(parent, ts.isIfStatement)
  const asked = guard && bare(guard.expression)
  return (
    guard !== undefined &&
    isWithin(parent, guard.thenStatement) &&
    asked !== undefined &&
    ts.isPrefixUnaryExpression(asked) &&
    asked.operand.getText() === parent.left.getText()
  )
}

/** Nobody opens a connection for each request. */
function opensClient(node: ts.ClassLikeDeclaration, { products }: RuleContext): boolean {
  return heldBy(node).some(({ values }) =>
    values.some((value) => {
      const made = bare(value)
      const isMade = ts.isNewExpression(made) || ts.isCallExpression(made)
      return isMade && products.of(made).some(({ kind }) => kind === 'client')
    }),
  )
}
