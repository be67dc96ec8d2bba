import ts from 'typescript'
import { own, type FunctionNode } from '../syntax.js'

export interface ReturnPath {
  node: ts.Node
  value?: ts.Expression
}

/** The return paths: a bare `return` and the end of the body count where another path returns a value. */
export function returnPaths(node: FunctionNode): ReturnPath[] {
  if (!ts.isBlock(node.body)) return [{ node: node.body, value: node.body as ts.Expression }]
  const statements = own(node.body, ts.isReturnStatement)
  const paths = statements.map((each) => ({
    node: each,
    ...(each.expression && { value: each.expression }),
  }))
  const isValued = paths.some(({ value }) => value)
  if (!isValued) return []
  return node.flags & ts.NodeFlags.HasImplicitReturn ? [...paths, { node: node.body }] : paths
}
