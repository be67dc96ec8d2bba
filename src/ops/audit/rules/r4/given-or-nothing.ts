import ts from 'typescript'
import { asksForBackend } from '../../recognise/availability.js'
import { isBacked } from '../../recognise/kinds.js'
import type { RuleContext } from '../../rule.js'
import { bare, isAssignment, isNull, own, type FunctionNode } from '../../syntax.js'

/**
 * The condition by which a factory puts a thing or nothing into what it gives out:
 * `cached = url ? new Redis(url) : null; return cached`, `return (known[name] ??= redis ? new Limiter(redis) : null)`.
 */
export function givenOrNothing(node: FunctionNode, context: RuleContext): ts.Expression | undefined {
  const choices = own(node.body, ts.isConditionalExpression).filter(isThingOrNothing)
  if (choices.length === 0) return undefined
  const given = new Set(own(node.body, ts.isReturnStatement).map((each) => textOf(each.expression)))
  return choices.find(
    (each) =>
      given.has(textOf(holderOf(each))) &&
      asksForBackend(each.condition, context.products) &&
      context.products.of(each).some(({ kind }) => isBacked(kind)),
  )?.condition
}

function isThingOrNothing({ whenTrue, whenFalse }: ts.ConditionalExpression): boolean {
  return isNull(bare(whenTrue)) !== isNull(bare(whenFalse))
}

/** What the value is put into. */
function holderOf(value: ts.Expression): ts.Node | undefined {
  let each: ts.Node = value
  while (ts.isParenthesizedExpression(each.parent) || ts.isAsExpression(each.parent)) each = each.parent
  const { parent } = each
  if (ts.isVariableDeclaration(parent)) return parent.name
  return isAssignment(parent) && parent.right === each ? parent.left : undefined
}

/** `known` of `return known!`, `return (known = …)`. */
function textOf(node: ts.Node | undefined): string {
  if (node === undefined) return ''
  const value = ts.isExpression(node) ? bare(node) : node
  return isAssignment(value) ? textOf(value.left) : value.getText()
}
