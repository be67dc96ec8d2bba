import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, isAssignment } from '../syntax.js'
import type { Holder } from './store-values.js'

export interface StoreUse {
  node: ts.Identifier
  /** `get`, `set`, `has`, …; `[]` for an indexed read, `[]=` for a write; `?` for anything else. */
  method: string
  args: readonly ts.Expression[]
  /** The function that it happens in; undefined at the top level. */
  within: ts.SignatureDeclaration | undefined
}

export function usesOf(holder: Holder, { references }: RuleContext): ts.Identifier[] {
  if (!ts.isPropertyAccessExpression(holder)) return references.to(holder)
  // The checker knows of several places that declare such a field, and of its uses none.
  return all(above(holder, ts.isClassLike) ?? holder.getSourceFile(), ts.isPropertyAccessExpression).flatMap(
    (each) =>
      each !== holder && ts.isIdentifier(each.name) && each.getText() === holder.getText() ? [each.name] : [],
  )
}

export function useOf(node: ts.Identifier): StoreUse {
  const target = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node ? node.parent : node
  const within = above(node, ts.isFunctionLike)
  const { parent } = target
  if (ts.isPropertyAccessExpression(parent) && parent.expression === target) {
    const call = parent.parent
    const args = ts.isCallExpression(call) && call.expression === parent ? call.arguments : []
    return { node, method: parent.name.text, args, within }
  }
  // `token in revoked`
  const isIn = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InKeyword
  if (isIn && parent.right === target) return { node, method: 'has', args: [parent.left], within }
  if (!ts.isElementAccessExpression(parent) || parent.expression !== target)
    return { node, method: '?', args: [], within }
  const isWrite = isAssignment(parent.parent) && parent.parent.left === parent
  return isWrite
    ? { node, method: '[]=', args: [parent.argumentExpression, parent.parent.right], within }
    : { node, method: '[]', args: [parent.argumentExpression], within }
}

export const reads = ({ method }: StoreUse): boolean =>
  /^(?:get|has|peek|\[\]|size|values|entries|keys|forEach|includes|indexOf|find|some|shift|pop|splice)$/.test(
    method,
  )

export const manages = ({ method }: StoreUse): boolean =>
  /^(?:set|add|push|unshift|\[\]=|delete|clear)$/.test(method)

export const writes = ({ method }: StoreUse): boolean => /^(?:set|add|push|unshift|\[\]=)$/.test(method)
