import ts from 'typescript'
import type { Project } from '../project/project.js'
import { bare, functionAt } from '../syntax.js'

/**
 * `clients.redis`, where the type of `clients` makes an instance of each class of a registry, `{ redis: RedisClient }`, or calls
 * each of its functions: what is declared is the maker, and what is asked is what it makes.
 */
export function isMadeByEntry(
  node: ts.Expression,
  declaration: ts.Declaration,
  values: readonly ts.Expression[],
  project: Project,
): boolean {
  // Only of what is asked for something: a name that is called or handed on is the maker itself.
  const isAsked = ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node
  return (
    isAsked &&
    ts.isPropertyAssignment(declaration) &&
    values.length > 0 &&
    values.every((value) => isMaker(value, project))
  )
}

function isMaker(value: ts.Expression, project: Project): boolean {
  const entry = bare(value)
  if (ts.isClassExpression(entry)) return true
  const declaration = ts.isIdentifier(entry) ? project.declarationOf(entry) : undefined
  if (!declaration) return false
  if (ts.isClassLike(declaration) || functionAt(declaration) !== undefined) return true
  const made = ts.isVariableDeclaration(declaration) && declaration.initializer
  return made ? ts.isClassExpression(bare(made)) : false
}
