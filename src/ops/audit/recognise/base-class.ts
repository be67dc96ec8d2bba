import ts from 'typescript'
import type { Project } from '../project/project.js'

// Deeper than anybody derives classes; one that is derived from itself ends here.
const MAX_DEPTH = 8

/** The class that what `new` makes, or that a name stands for, is derived from in the end; undefined when it is derived from none that can be read. */
export function baseClassOf(node: ts.Node, project: Project): ts.ClassLikeDeclaration | undefined {
  const name = ts.isNewExpression(node) ? node.expression : node
  if (!ts.isIdentifier(name) && !ts.isPropertyAccessExpression(name)) return undefined
  let found = classAt(name, project)
  const own = found
  for (let depth = 0; found && depth < MAX_DEPTH; depth += 1) {
    const next = parentOf(found, project)
    if (!next) break
    found = next
  }
  return found === own ? undefined : found
}

/** The class that a class extends, where it can be read. */
export function parentOf(
  node: ts.ClassLikeDeclaration,
  project: Project,
): ts.ClassLikeDeclaration | undefined {
  const extended = extendedBy(node)
  return extended && classAt(extended, project)
}

/** What stands after `extends`. */
export function extendedBy({
  heritageClauses,
}: ts.ClassLikeDeclaration | ts.InterfaceDeclaration): ts.Expression | undefined {
  const extended = heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)
  return extended?.types[0]?.expression
}

function classAt(node: ts.Expression, project: Project): ts.ClassLikeDeclaration | undefined {
  const declaration = project.declarationOf(ts.isPropertyAccessExpression(node) ? node.name : node)
  return declaration && ts.isClassLike(declaration) ? declaration : undefined
}
