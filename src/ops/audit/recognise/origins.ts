import ts from 'typescript'
import type { Project } from '../project/project.js'
import { functionAt, nameOf } from '../syntax.js'
import { bindingOf } from './bindings.js'
import type { Product } from './product.js'
import type { Products } from './products.js'

// Factories that call factories are read through.
const MAX_DEPTH = 3

/** The packages whose `new X` or `make()` something comes from, also behind factories of ours; with what they export it as. */
export function originsOf(
  product: Product,
  of: { project: Project; products: Products },
  depth = 0,
): { package: string; name: string }[] {
  const { node, kind } = product
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return []
  const binding = bindingOf(node.expression, of.project)
  if (binding) return [binding]
  if (ts.isNewExpression(node) || depth >= MAX_DEPTH) return []
  const declaration = of.project.declarationOf(nameOf(node.expression))
  const maker = declaration && functionAt(declaration)
  if (!maker) return []
  return of.products
    .ofFunction(maker)
    .filter((each) => each.kind === kind)
    .flatMap((each) => originsOf(each, of, depth + 1))
}
