import ts from 'typescript'
import { perFile } from '../per-file.js'
import type { RuleContext } from '../rule.js'
import {
  above,
  all,
  bare,
  functionAt,
  hasModifier,
  isAssignment,
  isFunction,
  isWithin,
  lastName,
  own,
  type FunctionNode,
} from '../syntax.js'
import { nameGivenTo } from './containers.js'
import { membersOf } from './function-members.js'
import { growsOld, outlives } from './long-lived.js'
import { isData, isHolder, isUnbounded, valuesOf, type Holder } from './store-values.js'

/** A collection that lives as long as the process: a module variable, or a field. */
export interface ProcessStore {
  declaration: Holder
  name: string
  uses: StoreUse[]
  /** Names of local variables that hold an entry, or what becomes one. */
  entries: ReadonlySet<ts.Node>
  /** The functions that use it, or what one of them gives out of it. */
  scopes: ReadonlySet<ts.Node>
}

export interface StoreUse {
  node: ts.Identifier
  /** `get`, `set`, `has`, …; `[]` for an indexed read, `[]=` for a write; `?` for anything else. */
  method: string
  args: readonly ts.Expression[]
  /** The function that it happens in; undefined at the top level. */
  within: ts.SignatureDeclaration | undefined
}

/** The collections of a file that outlive a request and hold plain data. */
export const processStoresIn = perFile((file, context) =>
  storesIn(file, context, (value, holder) => isData(value, holder, context), growsOld),
)

/** The collections of a file that outlive a request and have no bound of their own, whatever they hold. */
export function growingStoresIn(file: ts.SourceFile, context: RuleContext): ProcessStore[] {
  return storesIn(file, context, isUnbounded)
}

function storesIn(
  file: ts.SourceFile,
  context: RuleContext,
  isOne: (value: ts.Expression, holder: Holder) => boolean,
  isOld: (field: Exclude<Holder, ts.VariableDeclaration>) => boolean = () => false,
): ProcessStore[] {
  return all(file, isHolder).flatMap((declaration) => {
    const values = valuesOf(declaration)
    if (!values.some((value) => isOne(value, declaration))) return []
    const isLasting =
      outlivesRequest(declaration, context) || (!ts.isVariableDeclaration(declaration) && isOld(declaration))
    if (!isLasting) return []
    const uses = usesOf(declaration, context).map(useOf)
    return [{ declaration, name: declaration.name.getText(), uses, ...entriesOf(uses, context) }]
  })
}

function usesOf(holder: Holder, { references }: RuleContext): ts.Identifier[] {
  if (!ts.isPropertyAccessExpression(holder)) return references.to(holder)
  // The checker knows of several places that declare such a field, and of its uses none.
  return all(above(holder, ts.isClassLike) ?? holder, ts.isPropertyAccessExpression).flatMap((each) =>
    each !== holder && ts.isIdentifier(each.name) && each.getText() === holder.getText() ? [each.name] : [],
  )
}

function outlivesRequest(node: Holder, context: RuleContext): boolean {
  if (ts.isVariableDeclaration(node)) {
    const maker = above(node, ts.isFunctionLike)
    return maker === undefined || isGivenOut(node, maker, context) || isForHandlers(node, context)
  }
  const holder = above(node, ts.isClassLike)
  return hasModifier(node, ts.SyntaxKind.StaticKeyword) || (holder !== undefined && outlives(holder, context))
}

// What is made anew for each request is gone with it.
const OF_REQUEST =
  /request|loader|context|scope|handler|session$|^use[A-Z]|^with[A-Z]|component|parse|build(?!er)/i

/** `createLimiter() { const hits = new Map(); return (req, res, next) => … }`: it lives as long as what is given out. */
function isGivenOut(
  node: ts.VariableDeclaration,
  maker: ts.SignatureDeclaration,
  context: RuleContext,
): boolean {
  const name = nameGivenTo(maker)
  const isOfLimiter = /limit|throttl|lockout/i.test(name)
  if (!isOfLimiter && (!/cache|store|replay|nonce|dedup|registry/i.test(name) || OF_REQUEST.test(name)))
    return false
  if (!isFunction(maker) || !ts.isBlock(maker.body)) return false
  const given = own(maker.body, ts.isReturnStatement).flatMap(({ expression }) =>
    expression ? [bare(expression)] : [],
  )
  const parts = given.flatMap((value): ts.Node[] => {
    if (isFunction(value)) return [value]
    if (ts.isObjectLiteralExpression(value)) return [...membersOf(value, context.project).values()]
    const declaration = ts.isIdentifier(value) ? context.project.declarationOf(value) : undefined
    const found = declaration && functionAt(declaration)
    return found ? [found] : []
  })
  return context.references.to(node).some((use) => parts.some((part) => isWithin(use, part)))
}

const REGISTERS = /^(?:use|all|get|post|put|patch|delete|addHook|register)$/
const SERVES = /^(?:\w*app|\w*router|\w*server|fastify|api|hono)$/i

/** `app.use((req, res, next) => hits.get(req.ip))`: what a handler knows lives as long as the application. */
function isForHandlers(node: ts.VariableDeclaration, { references }: RuleContext): boolean {
  const isOne = node.initializer !== undefined && ts.isNewExpression(bare(node.initializer))
  if (!isOne) return false
  return references.to(node).some((use) => {
    for (let each = above(use, isFunction); each && !isWithin(node, each); each = above(each, isFunction)) {
      const { parent } = each
      const callee = ts.isCallExpression(parent) ? parent.expression : undefined
      if (!callee || !ts.isPropertyAccessExpression(callee)) continue
      if (REGISTERS.test(callee.name.text) && SERVES.test(lastName(callee.expression))) return true
    }
    return false
  })
}

function useOf(node: ts.Identifier): StoreUse {
  const target = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node ? node.parent : node
  const within = above(node, ts.isFunctionLike)
  const { parent } = target
  if (ts.isPropertyAccessExpression(parent) && parent.expression === target) {
    const call = parent.parent
    const args = ts.isCallExpression(call) && call.expression === parent ? call.arguments : []
    return { node, method: parent.name.text, args, within }
  }
  // `token in revoked`
  const isIn = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InKeyword
  if (isIn && parent.right === target) return { node, method: 'has', args: [parent.left], within }
  if (!ts.isElementAccessExpression(parent) || parent.expression !== target)
    return { node, method: '?', args: [], within }
  const isWrite = isAssignment(parent.parent) && parent.parent.left === parent
  return isWrite
    ? { node, method: '[]=', args: [parent.argumentExpression, parent.parent.right], within }
    : { node, method: '[]', args: [parent.argumentExpression], within }
}

/** What only this process can use: an object that was made here, a function. */
export function isHandle(node: ts.Expression): boolean {
  const value = bare(node)
  return (ts.isNewExpression(value) && value.expression.getText() !== 'Date') || ts.isFunctionLike(value)
}

export const reads = ({ method }: StoreUse): boolean =>
  /^(?:get|has|peek|\[\]|size|values|entries|keys|forEach|includes|indexOf|find|some|shift|pop|splice)$/.test(
    method,
  )
export const manages = ({ method }: StoreUse): boolean => /^(?:set|add|push|\[\]=|delete|clear)$/.test(method)
export const writes = ({ method }: StoreUse): boolean => /^(?:set|add|push|\[\]=)$/.test(method)

/** What an entry flows through: locals, and functions that give one out, with the locals of their callers. */
function entriesOf(
  uses: StoreUse[],
  { project, references }: RuleContext,
): Pick<ProcessStore, 'entries' | 'scopes'> {
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

/** Whether an expression is an entry of the store, a member of one, or a read of the store itself. */
export function isEntry(node: ts.Expression, store: ProcessStore, { project }: RuleContext): boolean {
  return all(node, ts.isMemberName).some((name) => {
    if (store.uses.some((use) => use.node === name)) return !node.getText().endsWith('.size')
    const declaration = project.declarationOf(name)
    return declaration !== undefined && store.entries.has(declaration)
  })
}

/** The words of the store's name, and of the functions that use it. */
export function wordsAround(store: ProcessStore): string {
  const functions = store.uses.flatMap(({ within }) => {
    const named =
      within && (within.name ?? (ts.isVariableDeclaration(within.parent) ? within.parent.name : undefined))
    return named ? lastName(named) : []
  })
  return [store.name, ...functions].join(' ')
}

/** The functions around all uses. */
export function scopesOf({ scopes }: ProcessStore): ts.Node[] {
  return [...new Set([...scopes].map(outermost))]
}

/** Callbacks belong to the function around them; methods of one object to the object's file. */
function outermost(node: ts.Node): ts.Node {
  let found = node
  for (let each = node.parent; each !== undefined && !ts.isClassLike(each); each = each.parent) {
    if (ts.isFunctionLike(each)) found = each
  }
  return found
}
