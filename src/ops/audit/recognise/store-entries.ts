import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, bare, isFunction, isWithin, own, type FunctionNode } from '../syntax.js'
import { writes, type StoreUse } from './store-uses.js'

/** Where the entries of a store go. */
export interface StoreEntries {
  /** Names of local variables that hold an entry, or what becomes one. */
  entries: ReadonlySet<ts.Node>
  /** The functions that use it, or what one of them gives out of it. */
  scopes: ReadonlySet<ts.Node>
}

/** What an entry flows through: locals, and functions that give one out, with the locals of their callers. */
export function entriesOf(uses: StoreUse[], { project, references }: RuleContext): StoreEntries {
  const entries = new Set<ts.Node>()
  const scopes = new Set<ts.Node>(uses.flatMap(({ within }) => within ?? []))
  for (const use of uses.filter(writes)) {
    for (const name of use.args.slice(1).flatMap((each) => all(each, ts.isIdentifier)))
      addLocal(project.declarationOf(name))
  }
  const isFromEntry = (node: ts.Node) =>
    all(node, ts.isMemberName).some((name) => {
      if (uses.some((use) => use.node === name && /^(?:get|\[\])$/.test(use.method))) return true
      const declaration = project.declarationOf(name)
      return declaration !== undefined && entries.has(declaration)
    })
  for (let size = -1; size !== entries.size;) {
    size = entries.size
    for (const scope of scopes) {
      for (const local of all(scope, ts.isVariableDeclaration)) {
        if (local.initializer && !ts.isFunctionLike(local.initializer) && isFromEntry(local.initializer))
          addLocal(local)
      }
      addReader(scope)
    }
  }
  return { entries, scopes }

  function addLocal(declaration: ts.Declaration | undefined): void {
    const isLocal =
      declaration &&
      ts.isVariableDeclaration(declaration) &&
      [...scopes].some((each) => isWithin(declaration, each))
    if (isLocal && !isTime(declaration)) entries.add(declaration)
  }
  /** `failuresOf(email)`: who asks it asks the store. */
  function addReader(scope: ts.Node): void {
    const named = isFunction(scope) ? namedOf(scope) : undefined
    if (!named || entries.has(named) || !givenBy(scope as FunctionNode).some(isFromEntry)) return
    entries.add(named)
    for (const use of references.to(named)) {
      const caller = above(use, ts.isFunctionLike)
      if (caller) scopes.add(caller)
    }
  }
}

function namedOf(node: FunctionNode): ts.NamedDeclaration | undefined {
  if (node.name) return node as ts.NamedDeclaration
  return ts.isVariableDeclaration(node.parent) ? node.parent : undefined
}

/** What a function gives out, other than whether something is so. */
function givenBy({ body }: FunctionNode): ts.Expression[] {
  const given = ts.isBlock(body)
    ? own(body, ts.isReturnStatement).flatMap(({ expression }) => expression ?? [])
    : [body as ts.Expression]
  return given.filter((each) => {
    const value = bare(each)
    const isCompared =
      ts.isBinaryExpression(value) && /^(?:[<>]=?|[=!]==?|&&)$/.test(value.operatorToken.getText())
    return !isCompared && !ts.isPrefixUnaryExpression(value)
  })
}

/** `now`: written to the entry, but no entry itself. */
function isTime({ initializer }: ts.VariableDeclaration): boolean {
  return (
    initializer !== undefined &&
    /^(?:Date\.now\(\)|new Date\(\)|performance\.now\(\))/.test(initializer.getText())
  )
}
