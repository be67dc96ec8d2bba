import ts from 'typescript'
import type { Project } from '../../project/project.js'
import { all } from '../../syntax.js'
import { callbackOf } from '../callbacks.js'
import { attachedBy } from './rejections.js'

/** Code that runs when other code has failed. */
export interface Handler {
  /** Where it stands: the catch clause, or the name of the method that attaches the callback. */
  node: ts.Node
  kind: 'catch' | 'rejection'
  /** What may fail: the block of the try, or the promise. */
  guarded: ts.Node
  /** What runs then; undefined where it is out of sight. */
  body: ts.Node | undefined
  /** The callback as it is given, where it is one. */
  callback?: ts.Expression
  /** The name of the error. */
  error: ts.Identifier | undefined
}

/** In the order of the code. */
export function handlersIn(file: ts.SourceFile, project: Project): Handler[] {
  return [
    ...all(file, ts.isTryStatement).flatMap(ofTry),
    ...all(file, ts.isCallExpression).flatMap((call) => ofRejection(call, project)),
  ].sort((a, b) => a.node.getStart() - b.node.getStart())
}

function ofTry({ tryBlock, catchClause }: ts.TryStatement): Handler[] {
  if (!catchClause) return []
  const name = catchClause.variableDeclaration?.name
  const error = name && ts.isIdentifier(name) ? name : undefined
  return [{ node: catchClause, kind: 'catch', guarded: tryBlock, body: catchClause.block, error }]
}

function ofRejection(call: ts.CallExpression, project: Project): Handler[] {
  const attached = attachedBy(call)
  if (!attached) return []
  const { promise: guarded, callback } = attached
  const { name } = call.expression as ts.PropertyAccessExpression
  const { body, error } = callbackOf(callback, project)
  return [{ node: name.text === 'then' ? callback : name, kind: 'rejection', guarded, body, callback, error }]
}
