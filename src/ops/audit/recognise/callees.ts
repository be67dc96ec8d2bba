import type ts from 'typescript'
import type { Project } from '../project/project.js'
import { bare, functionAt, nameOf, type FunctionNode } from '../syntax.js'

/** The function of ours that a call runs; undefined where it is another's, or not known before it runs. */
export function calleeOf(call: ts.CallExpression, project: Project): FunctionNode | undefined {
  const declaration = project.declarationOf(nameOf(bare(call.expression)))
  return declaration && functionAt(declaration)
}
