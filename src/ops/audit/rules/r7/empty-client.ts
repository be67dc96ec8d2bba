import ts from 'typescript'
import { isBacked } from '../../recognise/kinds.js'
import { lastName, all, above, bare, isAssignment, isWithin } from '../../syntax.js'
import type { RuleContext, Violation } from '../../rule.js'

/** `new CacheService({} as Redis)`: what stands in has none of the methods that it is asked for. */
export function* emptyClient(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  for (const empty of all(file, ts.isObjectLiteralExpression)) {
    if (empty.properties.length > 0 || !isCast(empty.parent)) continue
    const cast = outermostCast(empty.parent)
    const kind = context.kinds.ofType(context.project.typeOf(cast.type))
    if (!isBacked(kind) || isTarget(cast) || isFilled(cast)) continue
    if (context.roles.of(cast).role === 'exempt') continue
    yield {
      node: cast,
      message: `An empty object stands in for the ${kind}: whatever it is asked for is not a function, and what should have been a miss is an error in every call.`,
      remedy:
        'Put a pass-through in its place, which answers a miss to every read and does nothing in a write.',
    }
  }
}

function isCast(node: ts.Node): node is ts.AsExpression | ts.TypeAssertion {
  return ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)
}

/** `{} as unknown as Redis` says what it is last. */
function outermostCast(node: ts.AsExpression | ts.TypeAssertion): ts.AsExpression | ts.TypeAssertion {
  let cast = node
  for (let each: ts.Node = node; isCast(each) || ts.isParenthesizedExpression(each); each = each.parent)
    if (isCast(each)) cast = each
  return cast
}

/** `new Proxy({} as Redis, { get: … })`: the handler has the methods. */
function isTarget(cast: ts.Expression): boolean {
  const { parent } = cast
  if (ts.isNewExpression(parent)) return parent.expression.getText() === 'Proxy'
  return (
    ts.isCallExpression(parent) &&
    /^(?:assign|extend|merge|defineProperties|createContext|reduce)$/.test(lastName(parent.expression))
  )
}

/** `const redis = {} as Redis; redis.get = …`: it is given its methods, or replaced, afterwards. */
function isFilled(cast: ts.Expression): boolean {
  const holder = above(cast, ts.isVariableDeclaration)
  if (!holder || (holder.initializer && bare(holder.initializer) !== bare(cast))) return false
  const name = holder.name.getText()
  return all(cast.getSourceFile(), isAssignment).some(
    ({ left }) =>
      !isWithin(left, holder) &&
      (left.getText() === name ||
        ((ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left)) &&
          left.expression.getText() === name)),
  )
}
