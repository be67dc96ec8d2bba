import ts from 'typescript'
import type { Project } from '../project/project.js'
import { bare } from '../syntax.js'
import { armsOf } from './arms.js'
import type { Assignments } from './assignments.js'

/** The classes that `new` may be of, where there is a choice: `new (url ? Shared : Local)()`, also by a variable that holds the class. */
export function classesBehind(
  callee: ts.Expression,
  project: Project,
  assignments: Assignments,
): ts.Expression[] {
  const value = bare(callee)
  if (!ts.isIdentifier(value)) return armsOf(value)
  const declaration = project.declarationOf(value)
  if (!declaration || !ts.isVariableDeclaration(declaration)) return []
  return assignments.valuesOf(declaration).flatMap(armsOf)
}
