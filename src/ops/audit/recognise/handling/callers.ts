import ts from 'typescript'
import type { Project } from '../../project/project.js'
import type { RuleContext } from '../../rule.js'
import type { FunctionNode } from '../../syntax.js'

// Interfaces that extend interfaces are read through.
const MAX_DEPTH = 4

/** The uses of a function, also by the interfaces that it is called by. */
export function usesOf(node: FunctionNode, { references, project }: RuleContext): ts.Identifier[] {
  const own = (node.name ? node : node.parent) as ts.NamedDeclaration
  const holder = ts.isClassLike(own.parent) ? own.parent : undefined
  const contracts = (holder ? contractsOf(holder, project) : []).filter(
    ({ name }) => name !== undefined && name.getText() === own.name?.getText(),
  )
  return [own, ...contracts].flatMap((each) => references.to(each))
}

function contractsOf(
  holder: ts.ClassLikeDeclaration | ts.InterfaceDeclaration,
  project: Project,
  depth = 0,
): ts.NamedDeclaration[] {
  if (depth > MAX_DEPTH) return []
  return (holder.heritageClauses ?? [])
    .flatMap(({ types }) => types.map(({ expression }) => project.declarationOf(expression)))
    .flatMap((each) =>
      each && (ts.isInterfaceDeclaration(each) || ts.isClassLike(each))
        ? [...each.members, ...contractsOf(each, project, depth + 1)]
        : [],
    )
}
