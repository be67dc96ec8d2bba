import ts from 'typescript'
import type { Project } from '../project/project.js'
import { all } from '../syntax.js'
import { isLogFunction } from './log-calls.js'

/**
 * What is done with a promise where it is made: `dropped` is waited for by nobody, `kept` goes somewhere that is not
 * followed, such as a list.
 */
export type Fate = 'awaited' | 'returned' | 'kept' | 'dropped'

/** Follows a promise through chains, choices and `Promise.all` to where it is waited for, or is not. */
export function fateOf(promise: ts.Node, project: Project): Fate {
  for (let each = promise; ; each = each.parent) {
    const { parent } = each
    if (ts.isAwaitExpression(parent) || ts.isYieldExpression(parent)) return 'awaited'
    if (ts.isReturnStatement(parent)) return 'returned'
    if (ts.isArrowFunction(parent) && parent.body === each) return 'returned'
    if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return 'dropped'
    if (ts.isVariableDeclaration(parent)) return isForgotten(parent, project) ? 'dropped' : 'kept'
    if (!passesOn(parent, each)) return 'kept'
  }
}

/** Whether the value of the parent is the promise, or settles with it. */
function passesOn(parent: ts.Node, node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(parent))
    return /^(?:then|finally|catch)$/.test(parent.name.text) && ts.isCallExpression(parent.parent)
  if (ts.isCallExpression(parent))
    return (
      parent.expression === node || /^Promise\.(?:all|race|any|allSettled)$/.test(parent.expression.getText())
    )
  if (ts.isConditionalExpression(parent)) return parent.condition !== node
  if (ts.isBinaryExpression(parent))
    return (
      parent.right === node && /^(?:&&|\|\||\?\?|,)$/.test(ts.tokenToString(parent.operatorToken.kind) ?? '')
    )
  return (
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isArrayLiteralExpression(parent)
  )
}

/** `const answer = redis.info()` that nobody uses, or that is only written to a log. */
function isForgotten(declaration: ts.VariableDeclaration, project: Project): boolean {
  const { name } = declaration
  if (!ts.isIdentifier(name) || !ts.isBlock(declaration.parent.parent.parent)) return false
  const uses = all(declaration.parent.parent.parent, ts.isIdentifier).filter(
    (each) => each !== name && each.text === name.text && project.declarationOf(each) === declaration,
  )
  return uses.every(({ parent }) => ts.isCallExpression(parent) && isLogFunction(parent.expression))
}
