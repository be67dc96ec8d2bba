import ts from 'typescript'
import type { TypeFacts } from '../../project/semantics.js'
import { isBacked, type Made } from '../../recognise/kinds.js'
import type { RuleContext } from '../../rule.js'
import { all, bare, isNull, type FunctionNode } from '../../syntax.js'

/** The kind of thing that a function gives out or does not; undefined when it always does, or gives out none. */
export function nullableReturn(
  node: FunctionNode,
  context: RuleContext,
): { kind: Made; why?: ts.Node } | undefined {
  const { project, products } = context
  if (givesBackArgument(node, context)) return undefined
  const declared = node.type && project.returnTypeOf(node).awaited()
  const wrapped = node.type && inResult(node.type, context)
  if (wrapped) return wrapped
  if (declared && !declared.isAny) {
    const inType = nullableIn(declared, context)
    if (inType) return explain(node, inType, context)
    if (project.isNullSafe(node.getSourceFile()) && !declared.isNullable) return undefined
  }
  const made = products.ofFunction(node)
  const backed = made.find(isReal)
  const nothing = made.find(({ kind }) => kind === 'null')
  if (backed && nothing) return { kind: backed.kind, why: nothing.node }
  // The annotation says `X | null`, and X could not be resolved: the code says what X is.
  if (backed && node.type && declared?.isAny && mentionsNull(node.type)) return { kind: backed.kind }
  if (node.type) return undefined
  const literals = products
    .returnsOf(node)
    .flatMap(({ value }) => (value ? arms(value) : []))
    .filter(ts.isObjectLiteralExpression)
  const holders = literals.filter(({ properties }) =>
    properties.some((each) => mayHoldBackend(each, context)),
  )
  if (holders.length === 0) return undefined
  const types = holders.map((literal) => project.typeOf(literal))
  // Together they are one type: `{ ok: true, cache }` or `{ ok: false, error }`.
  if (literals.some(tellsOfFailure)) types.push(project.returnTypeOf(node).awaited())
  return types.map((type) => nullableIn(type, context)).find((each) => each !== undefined)
}

/** Asked before the type of the whole literal, for which the checker goes through every function in it. */
function mayHoldBackend(member: ts.ObjectLiteralElementLike, { products }: RuleContext): boolean {
  if (ts.isPropertyAssignment(member)) return products.of(member.initializer).some(isReal)
  if (ts.isShorthandPropertyAssignment(member)) return products.of(member.name).some(isReal)
  return ts.isSpreadAssignment(member)
}

function tellsOfFailure(literal: ts.ObjectLiteralExpression): boolean {
  return literal.properties.some(
    ({ name }) => name !== undefined && /^(?:err|error|errors|failure|reason)$/.test(name.getText()),
  )
}

/** `asScripting(backend): Scripting | null` asks what an argument can do; it makes nothing. */
export function givesBackArgument(node: FunctionNode, { project, products }: RuleContext): boolean {
  const given = products
    .returnsOf(node)
    .flatMap(({ value }) => (value ? arms(value) : []))
    .filter((value) => !isNull(value))
  return (
    given.length > 0 &&
    given.every((value) => {
      const declaration = ts.isIdentifier(value) ? project.declarationOf(value) : undefined
      return declaration !== undefined && ts.isParameter(declaration) && declaration.parent === node
    })
  )
}

function isReal({ kind }: { kind: Made }): boolean {
  return isBacked(kind)
}

/** The values that an expression chooses from. */
function arms(value: ts.Expression): ts.Expression[] {
  const node = bare(value)
  return ts.isConditionalExpression(node) ? [...arms(node.whenTrue), ...arms(node.whenFalse)] : [node]
}

function explain(
  node: FunctionNode,
  found: { kind: Made },
  { products }: RuleContext,
): { kind: Made; why?: ts.Node } {
  const nothing = products.ofFunction(node).find(({ kind }) => kind === 'null')
  return nothing ? { ...found, why: nothing.node } : found
}

/** A nullable client, cache or limiter: the value itself, or a member of an object or result that wraps it. */
export function nullableIn(type: TypeFacts, context: RuleContext, levels = 1): { kind: Made } | undefined {
  const { kinds } = context
  const kind = kinds.ofType(type)
  if (kind !== undefined && isBacked(kind)) return type.isNullable ? { kind } : undefined
  for (const member of type.members()) {
    const inner = member.type.awaited()
    const held = kinds.ofType(inner)
    if (held !== undefined && isBacked(held) && (inner.isNullable || member.isOrFailure))
      return { kind: held }
    const below = held === undefined && levels > 1 ? nullableIn(inner, context, levels - 1) : undefined
    if (below) return below
  }
  return undefined
}

const RESULT = /^(?:Result|ResultAsync|AsyncResult|Either|Option|Maybe)$/

/** `Promise<Result<Cache, Error>>`, also of a package that is not installed. */
function inResult(type: ts.TypeNode, { kinds, project }: RuleContext): { kind: Made } | undefined {
  for (const { typeName, typeArguments } of all(type, ts.isTypeReferenceNode)) {
    const name = ts.isQualifiedName(typeName) ? typeName.right : typeName
    const kind = RESULT.test(name.text)
      ? typeArguments?.map((each) => kinds.ofType(project.typeOf(each))).find(isBacked)
      : undefined
    if (kind !== undefined) return { kind }
  }
  return undefined
}

function mentionsNull(type: ts.TypeNode): boolean {
  return all(type, ts.isUnionTypeNode).some((union) =>
    union.types.some((each) => /^(?:null|undefined)$/.test(each.getText())),
  )
}
