import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, bare, lastName } from '../syntax.js'

export interface Place {
  node: ts.Node
  within: ts.SignatureDeclaration
}

export function commandsIn(within: ts.Node, { operations }: RuleContext): ts.CallExpression[] {
  return operations.within(within).map(({ call }) => call)
}

/** `tags.map((tag) => marks.get(tag))`: a part of what the function around it does. */
export function aroundCallbacks(within: ts.SignatureDeclaration): ts.SignatureDeclaration {
  const isCallback = ts.isArrowFunction(within) && ts.isCallExpression(within.parent)
  const around = isCallback ? above(within, ts.isFunctionLike) : undefined
  return around ? aroundCallbacks(around) : within
}

const STATE =
  /redis|valkey|upstash|kv|mem(?:ory)?|fall.?back|connected|ready|avail|offline|degraded|healthy|configured|isUp/i

/** A flag or a function that says how it is about Redis: `useMemoryFallback`, `isKVAvailable()`. */
export function asksForState(condition: ts.Expression): boolean {
  const node = bare(condition)
  if (ts.isPrefixUnaryExpression(node)) return asksForState(node.operand)
  const isName = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)
  return isName && STATE.test(lastName(node))
}

export function leaves(branch: ts.Statement): boolean {
  const last = ts.isBlock(branch) ? branch.statements.at(-1) : branch
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last))
}
