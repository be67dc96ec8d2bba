import ts from 'typescript'
import { tells } from '../../recognise/telling.js'
import type { RuleContext, Violation } from '../../rule.js'
import { bare, isNull, lastName, own } from '../../syntax.js'

/** `const replies = await transaction.exec(); if (!replies) return …`: an aborted transaction is an answer that is not there. */
export function* ofAborted(node: ts.IfStatement, { project, products }: RuleContext): Generator<Violation> {
  const tested = missing(node.expression)
  const declaration = tested && project.declarationOf(tested)
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return
  const call = bare(declaration.initializer)
  if (!ts.isCallExpression(call) || lastName(call.expression) !== 'exec') return
  const chain = startOf(call, project)
  if (!chain || !products.of(chain).some(({ kind }) => kind === 'client')) return
  const { thenStatement } = node
  if (own(thenStatement, ts.isReturnStatement).length === 0 || tells(thenStatement, project)) return
  yield {
    node: thenStatement,
    message:
      'A transaction without replies is passed over in silence: the limit or the write does not happen, and neither log nor metric says so.',
    remedy: 'Log it as the failure that it is, and answer as for a Redis that is away.',
  }
}

function missing(condition: ts.Expression): ts.Identifier | undefined {
  const node = bare(condition)
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const operand = bare(node.operand)
    return ts.isIdentifier(operand) ? operand : undefined
  }
  if (!ts.isBinaryExpression(node)) return undefined
  if (node.operatorToken.kind === ts.SyntaxKind.BarBarToken) return missing(node.left)
  const left = bare(node.left)
  const isEqual = /^={2,3}$/.test(node.operatorToken.getText())
  return isEqual && isNull(bare(node.right)) && ts.isIdentifier(left) ? left : undefined
}

/** The client that the transaction was started on: `client.multi().incr(key).exec()`, or by way of a variable. */
function startOf(call: ts.CallExpression, project: RuleContext['project']): ts.Expression | undefined {
  let node: ts.Expression = bare(call)
  for (;;) {
    if (ts.isIdentifier(node)) {
      const declaration = project.declarationOf(node)
      const value = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined
      if (!value || !/\.(?:multi|pipeline)\(/.test(value.getText())) return undefined
      node = bare(value)
    }
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined
    const { name, expression }: ts.PropertyAccessExpression = node.expression
    node = bare(expression)
    if (/^(?:multi|pipeline)$/.test(name.text)) return node
  }
}
