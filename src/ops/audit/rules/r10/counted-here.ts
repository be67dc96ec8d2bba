import ts from 'typescript'
import type { RuleContext, Violation } from '../../rule.js'
import { above, all, bare, isFunction, own, type FunctionNode } from '../../syntax.js'
import { REMEDY } from './remedy.js'

const COUNTS = /^(?:h?incr(?:by)?|zincrby|zcard)$/i

/** `return ++this.localCount` where Redis would have counted: a number of this process in the place of the shared one. */
export function* countedHere(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  const told = new Set<ts.Declaration>()
  for (const node of all(file, isFunction)) {
    const counting = context.operations
      .within(node.body)
      .filter(({ kind, method, call }) => kind === 'client' && COUNTS.test(method) && isOwn(call, node))
    if (counting.length === 0) continue
    for (const { expression } of own(node.body, ts.isReturnStatement)) {
      const counter = expression && countedBy(bare(expression))
      const declaration = counter && context.project.declarationOf(counter)
      if (!declaration || told.has(declaration) || !outlives(declaration)) continue
      told.add(declaration)
      yield {
        node: ts.getNameOfDeclaration(declaration) ?? declaration,
        message: `${counter.getText()} counts in this process where Redis would have counted: with n instances the limit is n times what it says, and a restart forgets it.`,
        remedy: REMEDY,
        related: counting.map(({ call }) => ({ node: call, what: 'counts for all' })),
      }
    }
  }
}

function isOwn(call: ts.Node, node: FunctionNode): boolean {
  return above(call, isFunction) === node
}

/** `++count`, `this.count++`, `count += 1`. */
function countedBy(node: ts.Expression): ts.Identifier | ts.MemberName | undefined {
  const isStep =
    (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
    node.operator === ts.SyntaxKind.PlusPlusToken
  const target = isStep
    ? node.operand
    : ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken
      ? node.left
      : undefined
  const counted = target && bare(target)
  if (!counted) return undefined
  if (ts.isPropertyAccessExpression(counted) && counted.expression.kind === ts.SyntaxKind.ThisKeyword)
    return counted.name
  return ts.isIdentifier(counted) ? counted : undefined
}

function outlives(declaration: ts.Declaration): boolean {
  if (ts.isPropertyDeclaration(declaration)) return true
  return ts.isVariableDeclaration(declaration) && above(declaration, ts.isFunctionLike) === undefined
}
