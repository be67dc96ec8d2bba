import ts from 'typescript'

/**
 * Says of which expressions nothing can be known, because they begin with a name from a package that is not read: all that
 * is got from such a thing is `any`. To say the same, the checker would go through every argument of every call on the way.
 */
export class Unknown {
  readonly #declarationOf: (node: ts.Node) => ts.Declaration | undefined
  readonly #known = new Map<ts.Node, boolean>()
  readonly #narrowed = new Map<ts.SourceFile, ReadonlySet<string>>()

  constructor(declarationOf: (node: ts.Node) => ts.Declaration | undefined) {
    this.#declarationOf = declarationOf
  }

  is(expression: ts.Expression): boolean {
    const root = rootOf(expression)
    if (!ts.isIdentifier(root)) return false
    const declaration = this.#declarationOf(root)
    return declaration !== undefined && this.#isDeclared(declaration) && !this.#isNarrowed(root)
  }

  #isDeclared(declaration: ts.Declaration): boolean {
    const known = this.#known.get(declaration)
    if (known !== undefined) return known
    // What is declared with its own help is left to the checker.
    this.#known.set(declaration, false)
    const isUnknown = this.#judge(declaration)
    this.#known.set(declaration, isUnknown)
    return isUnknown
  }

  #judge(declaration: ts.Declaration): boolean {
    // One that leads somewhere is never a declaration itself.
    if (isImport(declaration)) return true
    if (ts.isBindingElement(declaration)) {
      const { parent } = declaration.parent
      return !declaration.initializer && !declaration.dotDotDotToken && this.#isDeclared(parent)
    }
    if (ts.isVariableDeclaration(declaration)) {
      const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0
      const { type, initializer } = declaration
      return isConstant && !type && initializer !== undefined && this.is(initializer)
    }
    return ts.isParameter(declaration) && this.#isOfUnknownCall(declaration)
  }

  /** `(request, reply) => …` of `server.get('/', …)`. */
  #isOfUnknownCall({ type, initializer, dotDotDotToken, parent }: ts.ParameterDeclaration): boolean {
    if (type || initializer || dotDotDotToken) return false
    if (!ts.isArrowFunction(parent) && !ts.isFunctionExpression(parent)) return false
    const call = parent.parent
    const isArgument = ts.isCallExpression(call) && call.arguments.includes(parent)
    return isArgument && this.is(call.expression)
  }

  /** A guard may say more than the declaration does. */
  #isNarrowed(name: ts.Identifier): boolean {
    const file = name.getSourceFile()
    let names = this.#narrowed.get(file)
    if (!names) {
      names = new Set([...file.text.matchAll(GUARDED)].map(([, by, to]) => (by ?? to)!))
      this.#narrowed.set(file, names)
    }
    return names.has(name.text)
  }
}

// `error instanceof Abort`, `isAbort(error.cause)`.
const GUARDED = /([\w$]+)[\w$.?[\]'"]*\s+instanceof\b|\b(?:is|has|assert)\w*\(\s*([\w$]+)/g

function isImport(declaration: ts.Declaration): boolean {
  return (
    ts.isImportSpecifier(declaration) || ts.isImportClause(declaration) || ts.isNamespaceImport(declaration)
  )
}

/** What an expression begins with: `server` of `(await server.listen()).address!.port`. */
function rootOf(expression: ts.Expression): ts.Expression {
  let node = expression
  while (
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isAwaitExpression(node)
  )
    node = node.expression
  return node
}
