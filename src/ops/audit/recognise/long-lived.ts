import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, bare, isAssignment, isWithin } from '../syntax.js'
import { heldBy } from './shape.js'

/** Whether objects of a class live as long as the process. */
export function outlives(node: ts.ClassLikeDeclaration, context: RuleContext): boolean {
  return isSingleton(node, context) || opensClient(node, context)
}

const CLOCK = /Date\.now\(\)|new Date\(\)|performance\.now\(\)|expir/i

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
function isSingleton(node: ts.ClassLikeDeclaration, { references }: RuleContext): boolean {
  if (
    ts.canHaveDecorators(node) &&
    ts
      .getDecorators(node)
      ?.some(({ expression }) =>
        /^(?:Injectable|Service|Singleton|Controller|singleton|injectable)\b/.test(expression.getText()),
      )
  )
    return true
  return references.to(node).some((use) => {
    if (!ts.isNewExpression(use.parent) || use.parent.expression !== use) return false
    const maker = above(use, ts.isFunctionLike)
    return maker === undefined || isWithin(maker, node) || isMadeOnce(use.parent.parent)
  })
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
