import ts from 'typescript'
import { loadedExport, type ModuleOf } from './loaded.js'
import { Unknown } from './unknown.js'

/** What the checker knows of a type, in words that another checker could fill as well. */
export interface TypeFacts {
  /** Nothing is known: the rules then go by the code itself. */
  isAny: boolean
  /** Null or undefined is among the values. */
  isNullable: boolean
  /** Some value is a promise. */
  isPromise: boolean
  /** Nothing but true and false. */
  isBoolean: boolean
  /** Where the other constituents are declared: classes, interfaces. */
  declarations: ts.Declaration[]
  /** What a promise resolves to; the type itself when it is none. */
  awaited(): TypeFacts
  /** The members of an object literal type or plain interface, by name; methods excluded. */
  members(): Member[]
  /** What a call of the method returns; undefined when there is no such method. */
  callOf(method: string): TypeFacts | undefined
}

export interface Member {
  name: string
  type: TypeFacts
  /** Other values of the type tell of a failure instead: `{ ok: true; data } | { ok: false; error }`. */
  isOrFailure: boolean
}

/** The one place that asks the checker, so that another one can take its place. */
export interface Semantics {
  typeOf(node: ts.Node): TypeFacts
  /** What a call returns, as declared or inferred. */
  returnTypeOf(declaration: ts.SignatureDeclaration): TypeFacts
  /** What a name stands for, behind imports and re-exports; undefined where they lead nowhere, or to a member of the language. */
  declarationOf(node: ts.Node): ts.Declaration | undefined
}

export function createSemantics(
  checker: ts.TypeChecker,
  declared: ReadonlySet<string>,
  moduleOf: ModuleOf,
): Semantics {
  const known = new Map<ts.Type, TypeFacts>()
  const factsOf = (type: ts.Type): TypeFacts => {
    let facts = known.get(type)
    if (!facts) {
      facts = read(type)
      known.set(type, facts)
    }
    return facts
  }
  // Of literals in one union, each has the members of the others as well: they are undefined.
  const has = (type: ts.Type, name: string): boolean => {
    const property = type.getProperty(name)
    return property !== undefined && !(checker.getTypeOfSymbol(property).flags & ts.TypeFlags.Undefined)
  }
  const read = (type: ts.Type): TypeFacts => {
    const parts = type.isUnion() ? type.types : [type]
    const empty = ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Void
    const values = parts.filter((part) => !(part.flags & empty))
    let awaited: TypeFacts | undefined
    return {
      isAny: values.some((part) => (part.flags & ts.TypeFlags.Any) !== 0),
      isNullable: values.length < parts.length && values.length > 0,
      isBoolean: values.length > 0 && values.every((part) => (part.flags & ts.TypeFlags.BooleanLike) !== 0),
      isPromise: values.some((part) => part.getSymbol()?.name === 'Promise'),
      declarations: values.flatMap((part) => [
        ...(part.getSymbol()?.declarations ?? []),
        ...(part.isIntersection() ? part.types.flatMap((each) => each.getSymbol()?.declarations ?? []) : []),
      ]),
      awaited: () => (awaited ??= factsOf(checker.getAwaitedType(type) ?? type)),
      members: () =>
        values.filter(isPlainObject).flatMap((part) =>
          part.getProperties().map((property) => ({
            name: property.name,
            type: factsOf(checker.getTypeOfSymbol(property)),
            isOrFailure: values.some((other) => !has(other, property.name) && tellsOfFailure(other)),
          })),
        ),
      callOf: (method) => {
        const property = values.map((part) => part.getProperty(method)).find((each) => each !== undefined)
        if (!property) return undefined
        const [signature] = checker.getTypeOfSymbol(property).getCallSignatures()
        return signature && factsOf(signature.getReturnType())
      },
    }
  }
  const declarationOf = remembered((node) => {
    if (isMember(node) && (!declared.has(node.text) || unknown.is(node.parent.expression))) return undefined
    let symbol = checker.getSymbolAtLocation(node)
    const { parent } = node
    if (parent !== undefined && ts.isShorthandPropertyAssignment(parent) && parent.name === node) {
      symbol = checker.getShorthandAssignmentValueSymbol(parent)
    }
    symbol ??= reexported(node, checker)
    symbol = loadedExport(node, checker, moduleOf) ?? symbol
    const declaration = declarationBehind(symbol, checker)
    // `export default { get }`: the member is the function of that name.
    return declaration && ts.isShorthandPropertyAssignment(declaration)
      ? (declarationBehind(checker.getShorthandAssignmentValueSymbol(declaration), checker) ?? declaration)
      : declaration
  })
  const unknown = new Unknown(declarationOf)
  return {
    typeOf: remembered((node) =>
      factsOf(
        ts.isExpression(node) && unknown.is(node) ? checker.getAnyType() : checker.getTypeAtLocation(node),
      ),
    ),
    returnTypeOf: (declaration) => {
      const signature = checker.getSignatureFromDeclaration(declaration)
      return factsOf(signature ? signature.getReturnType() : checker.getAnyType())
    },
    declarationOf,
  }
}

/** `b` of `a.b`. */
function isMember(node: ts.Node): node is ts.MemberName & { parent: ts.PropertyAccessExpression } {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node
}

/** Asked once per node: many rules look at the same places. */
function remembered<T>(ask: (node: ts.Node) => T): (node: ts.Node) => T {
  const answers = new Map<ts.Node, T>()
  return (node) => {
    const known = answers.get(node)
    if (known !== undefined || answers.has(node)) return known as T
    const answer = ask(node)
    answers.set(node, answer)
    return answer
  }
}

/** `export { make } from './make'` binds no name, and code that calls `make` all the same means that one. */
function reexported(node: ts.Node, checker: ts.TypeChecker): ts.Symbol | undefined {
  if (!ts.isIdentifier(node)) return undefined
  for (const statement of node.getSourceFile().statements) {
    const isFrom = ts.isExportDeclaration(statement) && statement.moduleSpecifier && statement.exportClause
    if (!isFrom || !ts.isNamedExports(isFrom)) continue
    const specifier = isFrom.elements.find(({ name }) => name.text === node.text)
    const local = specifier && checker.getSymbolAtLocation(specifier.name)
    if (local && local.flags & ts.SymbolFlags.Alias) return checker.getAliasedSymbol(local)
  }
  return undefined
}

function declarationBehind(
  symbol: ts.Symbol | undefined,
  checker: ts.TypeChecker,
): ts.Declaration | undefined {
  let found = symbol
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) {
    const target = checker.getAliasedSymbol(symbol)
    // An import that leads nowhere still has its own declaration, which names the package.
    found = target.declarations ? target : symbol
  }
  return found?.valueDeclaration ?? found?.declarations?.[0]
}

function tellsOfFailure(type: ts.Type): boolean {
  return type.getProperties().some(({ name }) => /^(?:err|error|errors|failure|reason)$/.test(name))
}

function isPlainObject(type: ts.Type): boolean {
  if (!(type.flags & ts.TypeFlags.Object)) return false
  const declaration = type.getSymbol()?.declarations?.[0]
  return (
    declaration !== undefined &&
    (ts.isTypeLiteralNode(declaration) || ts.isObjectLiteralExpression(declaration))
  )
}
