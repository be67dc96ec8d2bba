import ts from 'typescript'
import type { RuleContext } from '../../rule.js'
import { above, all, isFunction, isWithin, type FunctionNode } from '../../syntax.js'

/** Whether operations are left out while the flag has this value. */
export function isAskedBeforeOperations(flag: ts.Declaration, value: boolean, context: RuleContext): boolean {
  return context.references
    .to(flag as ts.NamedDeclaration)
    .some((use) => isAskedAt(use, value, context) || isToldByPredicate(use, value, context))
}

function isAskedAt(use: ts.Node, value: boolean, context: RuleContext): boolean {
  const branch = above(use, isBranch)
  const condition = branch && ('condition' in branch ? branch.condition : branch.expression)
  if (!branch || !isWithin(use, condition) || !leavesOut(branch, use, value)) return false
  const within = above(use, isFunction)
  return within !== undefined && asks(within, context)
}

/** `return Boolean(url) && !disabled`, and callers that ask `if (!isEnabled()) return`. */
function isToldByPredicate(use: ts.Node, value: boolean, context: RuleContext): boolean {
  const within = above(use, isFunction)
  const answer =
    within && above(use, (node): node is ts.Node => node === within.body || ts.isReturnStatement(node))
  if (!within || !answer || (ts.isBlock(answer) && answer === within.body)) return false
  const said = holdsAt(use, answer, value)
  const named = (within.name ? within : within.parent) as ts.NamedDeclaration
  return context.references.to(named).some((each) => {
    const callee = ts.isPropertyAccessExpression(each.parent) ? each.parent : each
    return ts.isCallExpression(callee.parent) && isAskedAt(callee.parent, said, context)
  })
}

/** It operates, guards operations, or gives out the client. */
function asks(within: FunctionNode, { operations, handling, products }: RuleContext): boolean {
  return (
    operations.within(within.body).length > 0 ||
    products.ofFunction(within).some(({ kind }) => kind === 'client') ||
    handling
      .in(within.getSourceFile())
      .some((each) => isWithin(each.node, within) && handling.guardedBy(each).length > 0)
  )
}

/** `if (!isUp) return`, `if (isUp) await redis.set(…)`, `isUp ? await redis.get(key) : null`. */
function leavesOut(branch: Branch, use: ts.Node, value: boolean): boolean {
  const holds = holdsAt(use, branch, value)
  if (ts.isConditionalExpression(branch)) return true
  const isLeft =
    (all(branch.thenStatement, ts.isReturnStatement).length > 0 ||
      all(branch.thenStatement, ts.isThrowStatement).length > 0) &&
    all(branch.thenStatement, ts.isAwaitExpression).length === 0
  return isLeft ? holds : !holds
}

/** The value after all negations up to a node. */
function holdsAt(use: ts.Node, top: ts.Node, value: boolean): boolean {
  let holds = value
  for (let each = use; each !== top; each = each.parent)
    if (ts.isPrefixUnaryExpression(each) && each.operator === ts.SyntaxKind.ExclamationToken) holds = !holds
  return holds
}

type Branch = ts.IfStatement | ts.ConditionalExpression

function isBranch(node: ts.Node): node is Branch {
  return ts.isIfStatement(node) || ts.isConditionalExpression(node)
}
