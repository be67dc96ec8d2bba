import ts from 'typescript'
import type { Project } from '../project/project.js'
import { bare, own, type FunctionNode } from '../syntax.js'
import type { DirectOperations, Operation } from './direct-operations.js'

/** The operations that stand in a node. */
export function operationsInside(node: ts.Node, direct: DirectOperations): Operation[] {
  return direct.in(node.getSourceFile()).filter(({ call }) => call.pos >= node.pos && call.end <= node.end)
}

/** A limiter of ours out of another file: the inside is there, and whoever asks it is a caller. */
export function isAnothers({ kind, receiver }: Operation, project: Project): boolean {
  if (kind !== 'limiter') return false
  const { declarations } = project.typeOf(receiver)
  return (
    declarations.length > 0 &&
    declarations.every((each) => {
      const file = each.getSourceFile()
      return !file.isDeclarationFile && file !== receiver.getSourceFile()
    })
  )
}

/** `createLimiter(backend) { …; return new GuardedLimiter(backend) }`: what it is given becomes the inside of what it makes. */
export function makesThing(outer: FunctionNode): boolean {
  return own(outer.body, ts.isReturnStatement).some(
    ({ expression }) => expression !== undefined && ts.isNewExpression(bare(expression)),
  )
}
