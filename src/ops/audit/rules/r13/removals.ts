import ts from 'typescript'
import { outermostFunction } from '../../recognise/containers.js'
import type { ProcessStore } from '../../recognise/process-stores.js'
import type { StoreUse } from '../../recognise/store-uses.js'
import { above, isAssignment, isWithin, lastName } from '../../syntax.js'

/** Whether a use takes something out: one entry by its key, or all that pass a test. */
export function removalOf({ node, method }: StoreUse, store: ProcessStore): 'one' | 'all' | undefined {
  if (/^(?:clear|shift|splice|pop)$/.test(method)) return 'all'
  const given = receiver(node)
  // A new collection in the place of the old one, or `list.length = 0`.
  if (isAssignment(given.parent) && given.parent.left === given && !isFirst(given.parent)) return 'all'
  if (method === 'length' && isAssignment(given.parent.parent)) return 'all'
  const isDeleted = method === 'delete' || (method === '[]' && ts.isDeleteExpression(given.parent.parent))
  if (!isDeleted) return undefined
  const loops = loopsAbove(node)
  const isOver = loops.some((loop) => store.uses.some((each) => isWithin(each.node, loop)))
  return isOver || (loops.length > 0 && isGoneOver(node, store)) ? 'all' : 'one'
}

/** `store.forEach((entry, key) => { if (isOld(entry)) keys.push(key) })` in the same function, and then each of these keys. */
function isGoneOver(node: ts.Node, { uses }: ProcessStore): boolean {
  const within = outermostFunction(node)
  return uses.some((use) => {
    const isAll =
      /^(?:forEach|entries|keys|values)$/.test(use.method) || loopHeadOf(use.node) || isSpread(use.node)
    return isAll && isWithin(use.node, within)
  })
}

function loopHeadOf(node: ts.Node): boolean {
  const given = ts.isIdentifier(node) ? receiver(node) : node
  return ts.isForOfStatement(given.parent) && given.parent.expression === given
}

function isSpread(node: ts.Node): boolean {
  return ts.isSpreadElement(node.parent) || ts.isSpreadElement(node.parent.parent)
}

/** Lazily made, or made in the constructor: nothing was there before. */
function isFirst({ operatorToken, left }: ts.BinaryExpression): boolean {
  const guard = above(left, ts.isIfStatement)
  return (
    operatorToken.kind !== ts.SyntaxKind.EqualsToken ||
    above(left, ts.isConstructorDeclaration) !== undefined ||
    (guard !== undefined && guard.expression.getText().includes(left.getText()))
  )
}

/** The heads of the loops around a node: what they go over. */
function loopsAbove(node: ts.Node): ts.Node[] {
  const heads: ts.Node[] = []
  for (let each = node; each.parent !== undefined; each = each.parent) {
    const { parent } = each
    if ((ts.isForOfStatement(parent) || ts.isForInStatement(parent)) && each === parent.statement)
      heads.push(parent.expression)
    const isBody = ts.isCallExpression(parent) && parent.arguments.includes(each as ts.Expression)
    if (isBody && lastName(parent.expression) === 'forEach') heads.push(parent.expression)
  }
  return heads
}

export function receiver(node: ts.Identifier): ts.Node {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node ? node.parent : node
}
