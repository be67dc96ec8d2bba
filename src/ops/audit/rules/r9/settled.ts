import ts from 'typescript'
import type { Operation } from '../../recognise/operations.js'
import type { RuleContext } from '../../rule.js'
import { above, all, isFunction } from '../../syntax.js'

/** A failure that ends in a result, and whether anybody looks at that. */
export interface Result {
  node: ts.Node
  operation: Operation
  isTold: boolean
}

/** `Promise.allSettled([redis.del(a), redis.del(b)])`, which never rejects: each failure is in its results. */
export function settledIn(file: ts.SourceFile, context: RuleContext): Result[] {
  return all(file, ts.isCallExpression).flatMap((call): Result[] => {
    const [guarded] = call.arguments
    if (!guarded || call.expression.getText() !== 'Promise.allSettled') return []
    const [operation] = context.handling.guardedBy({
      node: call,
      kind: 'rejection',
      guarded,
      body: undefined,
      error: undefined,
    })
    const isTold = operation && looksAt(call, context)
    return operation && isTold !== undefined ? [{ node: call, operation, isTold }] : []
  })
}

/** Whether the failures among the results are looked at; undefined where the results go out of sight. */
function looksAt(call: ts.CallExpression, { references }: RuleContext): boolean | undefined {
  let node: ts.Node = call
  while (
    ts.isAwaitExpression(node.parent) ||
    ts.isParenthesizedExpression(node.parent) ||
    ts.isVoidExpression(node.parent)
  )
    node = node.parent
  const { parent } = node
  if (ts.isExpressionStatement(parent)) return false
  const scope = above(call, isFunction) ?? call.getSourceFile()
  if (/['"]rejected['"]|\.reason\b/.test(scope.getText())) return true
  if (!ts.isVariableDeclaration(parent)) return undefined
  const uses = namesIn(parent.name).flatMap((name) => references.to(name.parent as ts.NamedDeclaration))
  return uses.some((use) => isHandedOn(use)) ? undefined : false
}

function namesIn(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name]
  return name.elements.flatMap((each) => (ts.isBindingElement(each) ? namesIn(each.name) : []))
}

/** Given to a function, returned or put into something: what comes of it is seen elsewhere. */
function isHandedOn(use: ts.Node): boolean {
  const { parent } = use
  return (
    (ts.isCallExpression(parent) && parent.expression !== use) ||
    ts.isReturnStatement(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isArrayLiteralExpression(parent)
  )
}
