import ts from 'typescript'
import { perFile } from '../per-file.js'
import type { RuleContext } from '../rule.js'
import { all, bare, lastName } from '../syntax.js'
import { growsOld } from './long-lived.js'
import { entriesOf, type StoreEntries } from './store-entries.js'
import { outlivesRequest } from './store-lifetimes.js'
import { useOf, usesOf, type StoreUse } from './store-uses.js'
import { isData, isHolder, isUnbounded, valuesOf, type Holder } from './store-values.js'

/** A collection that lives as long as the process: a module variable, or a field. */
export interface ProcessStore extends StoreEntries {
  declaration: Holder
  name: string
  uses: StoreUse[]
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

/** What only this process can use: an object that was made here, a function. */
export function isHandle(node: ts.Expression): boolean {
  const value = bare(node)
  return (ts.isNewExpression(value) && value.expression.getText() !== 'Date') || ts.isFunctionLike(value)
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
