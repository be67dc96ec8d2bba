import ts from 'typescript'
import { asksForBackend } from '../../recognise/availability.js'
import { bindingOf } from '../../recognise/bindings.js'
import { optionalStoresOf } from '../../recognise/optional-stores.js'
import { storeOptionOf } from '../../recognise/packages.js'
import type { RuleContext } from '../../rule.js'
import { all, bare, isAssignment, isNull, own, type FunctionNode } from '../../syntax.js'

/**
 * The branch by which a factory of limiter middleware gives it a store or none: `if (redis) store = new RedisStore(…)`, or
 * `store: redis ? new RedisStore(…) : undefined`; or a factory of the settings of one. What is built is of one type, and counts here or there.
 */
export function optionalStore(node: FunctionNode, context: RuleContext): ts.Expression | undefined {
  const [settings] = optionalStoresOf(node, context)
  if (settings) return settings.expression
  const made = context.products.returnsOf(node).flatMap(({ value }) => (value ? [bare(value)] : []))
  const middleware = made.filter((value) => isMiddleware(value, context))
  if (middleware.length === 0) return undefined
  const names = new Set(middleware.flatMap((value) => all(value, ts.isIdentifier).map(({ text }) => text)))
  const asks = (condition: ts.Expression) => asksForBackend(condition, context.products)
  const branch = own(node.body, ts.isIfStatement).find(
    ({ expression, thenStatement, elseStatement }) =>
      !elseStatement &&
      own(thenStatement, isAssignment).some(
        ({ left, right }) => names.has(left.getText()) && isStore(right, context),
      ) &&
      asks(expression),
  )
  if (branch) return branch.expression
  return own(node.body, ts.isConditionalExpression).find(
    ({ condition, whenTrue, whenFalse }) =>
      ((isStore(whenTrue, context) && isNull(bare(whenFalse))) ||
        (isNull(bare(whenTrue)) && isStore(whenFalse, context))) &&
      asks(condition),
  )?.condition
}

function isMiddleware(value: ts.Expression, { project }: RuleContext): boolean {
  const binding = ts.isCallExpression(value) ? bindingOf(value.expression, project) : undefined
  return binding !== undefined && storeOptionOf(binding.package, binding.name) !== undefined
}

function isStore(value: ts.Expression, { products }: RuleContext): boolean {
  return products.of(value).some(({ kind }) => kind === 'store' || kind === 'cache' || kind === 'limiter')
}
