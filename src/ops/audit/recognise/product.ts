import ts from 'typescript'
import type { TypeFacts } from '../project/semantics.js'
import type { Kinds, Made } from './kinds.js'

/** One thing that an expression may evaluate to. */
export interface Product {
  kind: Made
  /** The expression that makes it. */
  node: ts.Node
}

/** What a type says of it. */
export function productsOfType(type: TypeFacts, node: ts.Node, kinds: Kinds): Product[] {
  const kind = kinds.ofType(type) ?? 'other'
  return [{ kind, node }, ...(type.isNullable ? [{ kind: 'null' as const, node }] : [])]
}

/** An interface of the repository, whose name says nothing. */
export function isOwnInterface({ declarations }: TypeFacts): boolean {
  return declarations.some(
    (each) => ts.isInterfaceDeclaration(each) && !each.getSourceFile().isDeclarationFile,
  )
}
