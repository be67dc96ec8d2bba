import ts from 'typescript'
import type { Project } from '../project/project.js'
import { isBacked, type Kinds } from './kinds.js'
import type { Products } from './products.js'
import { heldBy } from './shape.js'

/** Whether a class keeps a client, cache or limiter in one of its fields. */
export function holdsBackend(
  holder: ts.ClassLikeDeclaration,
  { project, kinds, products }: { project: Project; kinds: Kinds; products: Products },
): boolean {
  return heldBy(holder).some(
    ({ declaration, values }) =>
      isBacked(kinds.ofType(project.typeOf(declaration))) ||
      values.some((value) => products.of(value).some(({ kind }) => isBacked(kind))),
  )
}

/** The fields that a constructor declares among its parameters: what a container hands in. */
export function givenTo(holder: ts.ClassLikeDeclaration): ReadonlySet<string> {
  return new Set(
    holder.members
      .filter(ts.isConstructorDeclaration)
      .flatMap((maker) => maker.parameters.filter((each) => ts.isParameterPropertyDeclaration(each, maker)))
      .map(({ name }) => name.getText()),
  )
}
