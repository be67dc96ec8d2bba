import ts from 'typescript'
import type { Project } from '../../project/project.js'
import { isExported, nameGivenTo, outermostFunction } from '../../recognise/containers.js'
import { isHandler } from '../../recognise/handlers.js'
import { otherWaitsIn } from '../../recognise/other-waits.js'
import type { RuleContext } from '../../rule.js'
import { all, bare, isFunction, type FunctionNode } from '../../syntax.js'

function answersRequests(node: FunctionNode): boolean {
  return isHandler(node) && (isExported(node) || ts.isCallExpression(node.parent))
}

/** A function that does nothing but ask the cache, and is named for it, is the inside of one that has no class yet. */
export function isAccessor(node: ts.Node, { operations, products, project }: RuleContext): boolean {
  const outer = outermostFunction(node)
  if (!outer || !/redis|cache|limit/i.test(nameGivenTo(outer)) || isHandler(outer)) return false
  // A class that is no cache is no better for giving the try a method of its own.
  if (ts.isClassLike(outer.parent)) return false
  // Beside handlers of requests, it is a part of them.
  if (!isExported(outer) && all(outer.getSourceFile(), isFunction).some(answersRequests)) return false
  const asked = operations.within(outer.body)
  // It asks an accessor that lies elsewhere: the inside is there.
  if (asked.length > 0 && asked.every(({ kind, through }) => kind === 'cache' && through)) return false
  return otherWaitsIn(outer.body, asked, products).every(({ expression }) =>
    runsGiven(bare(expression), project),
  )
}

/** `original.apply(this, args)`, `load()`: what a decorator or a wrapper is there to run. */
export function runsGiven(node: ts.Expression, project: Project): boolean {
  if (!ts.isCallExpression(node)) return false
  let callee = bare(node.expression)
  if (ts.isPropertyAccessExpression(callee) && /^(?:apply|call)$/.test(callee.name.text))
    callee = bare(callee.expression)
  const declaration = ts.isIdentifier(callee) ? project.declarationOf(callee) : undefined
  if (!declaration) return false
  if (ts.isParameter(declaration) || ts.isBindingElement(declaration)) return true
  const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined
  // `const original = descriptor.value`
  return value !== undefined && ts.isPropertyAccessExpression(value) && isParameter(value.expression, project)
}

function isParameter(node: ts.Expression, project: Project): boolean {
  const declaration = ts.isIdentifier(node) ? project.declarationOf(node) : undefined
  return declaration !== undefined && ts.isParameter(declaration)
}
