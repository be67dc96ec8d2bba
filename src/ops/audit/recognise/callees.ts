import ts from 'typescript'
import type { Project } from '../project/project.js'
import { bare, functionAt, nameOf, type FunctionNode } from '../syntax.js'

/** The function of ours that a call runs; undefined where it is another's, or not known before it runs. */
export function calleeOf(call: ts.CallExpression, project: Project): FunctionNode | undefined {
  const declaration = project.declarationOf(nameOf(bare(call.expression)))
  return declaration && functionAt(declaration)
}

/** The call that a use of a function's name is; the name itself, where it is none. */
export function callAt(use: ts.Node): ts.Node {
  const target = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
  return ts.isCallExpression(target.parent) && target.parent.expression === target ? target.parent : target
}
