import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, bare, isFunction, isWithin, lastName } from '../syntax.js'
import { isDefault } from './arms.js'
import { asksForBackend } from './availability.js'
import { aroundCallbacks, asksForState, commandsIn, leaves, type Place } from './outage-branches.js'
import { isHandle, type ProcessStore } from './process-stores.js'
import { isInstead } from './read-instead.js'
import { reads, writes, type StoreUse } from './store-uses.js'

/** Read where the backend's answer would have been: in the catch of its call, where it is not configured, or in the other branch. */
export function standsIn(store: ProcessStore, context: RuleContext): boolean {
  if (isRegistry(store, context)) return false
  const placesOf = (uses: StoreUse[]) =>
    uses.flatMap(({ node, within }) => (within ? [{ node, within }, ...callsOf(within, store, context)] : []))
  return (
    placesOf(store.uses.filter(reads)).some((place) => isInstead(place, store, context)) ||
    placesOf(store.uses.filter(writes)).some((place) => isWrittenInstead(place, context)) ||
    isOfAlternative(store, context)
  )
}

/** `catch { local.set(key, value) }`, `if (client) return client.set(…)` before `local.set(…)`: what Redis would have been given. */
function isWrittenInstead({ node, within: inner }: Place, context: RuleContext): boolean {
  const within = aroundCallbacks(inner)
  const commands = commandsIn(within, context).filter(({ expression }) => WRITES.test(lastName(expression)))
  if (commands.length === 0) return false
  const inside = (part: ts.Node) => commands.some((each) => isWithin(each, part))
  const failed = above(node, ts.isCatchClause)
  if (failed && isWithin(failed, within) && inside(failed.parent.tryBlock)) return true
  return all(within, ts.isIfStatement).some(({ expression, thenStatement, elseStatement }) => {
    if (!inside(thenStatement) || isWithin(node, thenStatement)) return false
    const isOther = elseStatement
      ? isWithin(node, elseStatement)
      : node.pos > thenStatement.end && leavesWithin(thenStatement)
    return isOther && (asksForBackend(expression, context.products) || asksForState(expression))
  })
}

const WRITES = /^(?:set|setex|psetex|setnx|hset|add|[lr]push|z?add|sadd|incr\w*|publish)$/i

/** It leaves when all went well: `try { await client.set(…); return true } catch {}`. */
function leavesWithin(branch: ts.Statement): boolean {
  const statements = ts.isBlock(branch) ? branch.statements : [branch]
  const last = statements.at(-1)
  return leaves(branch) || (last !== undefined && ts.isTryStatement(last) && leaves(last.tryBlock))
}

const OF_BACKEND = /redis|valkey|upstash/i

/** What an object answers from that is given out where one over Redis is not: `if (!url) return memoryStore`. */
function isOfAlternative(store: ProcessStore, { references, products }: RuleContext): boolean {
  const users = store.uses.flatMap(({ node, within }) => {
    const named = within && (within.name ? within : within.parent)
    const calls = named && 'name' in named ? references.to(named as ts.NamedDeclaration) : []
    return [node, ...calls.filter((each) => each.getSourceFile() === node.getSourceFile())]
  })
  const holders = new Set(users.flatMap((each) => objectAround(each) ?? []))
  return [...holders].some((holder) =>
    references.to(holder).some((use) => {
      const { parent } = use
      if (isDefault(parent) || ts.isConditionalExpression(parent)) return OF_BACKEND.test(parent.getText())
      const maker = ts.isReturnStatement(parent) ? above(use, isFunction) : undefined
      if (!maker || !OF_BACKEND.test(maker.getText())) return false
      return products
        .ofFunction(maker)
        .some(({ kind, node }) => kind !== 'null' && kind !== 'memory' && node !== use)
    }),
  )
}

/** `const memoryStore = { get: … }` around a node. */
function objectAround(node: ts.Node): ts.VariableDeclaration | undefined {
  let found: ts.ObjectLiteralExpression | undefined
  for (
    let each = above(node, ts.isObjectLiteralExpression);
    each;
    each = above(each, ts.isObjectLiteralExpression)
  )
    found = each
  const holder = found?.parent
  const isModule =
    holder && ts.isVariableDeclaration(holder) && above(holder, ts.isFunctionLike) === undefined
  return isModule ? holder : undefined
}

/** Where a function that only reads the store is called: `return fromMemory(key)`. */
export function callsOf(reader: ts.SignatureDeclaration, store: ProcessStore, context: RuleContext): Place[] {
  const named = (reader.name ? reader : reader.parent) as ts.NamedDeclaration
  if (!named.name || commandsIn(reader, context).length > 0) return []
  return context.references.to(named).flatMap((node) => {
    const within = above(node, ts.isFunctionLike)
    const isHere = node.getSourceFile() === store.declaration.getSourceFile()
    return within && isHere ? [{ node, within }] : []
  })
}

/** It holds objects that were made here, not data: caches by their names, limiters by their limits. */
function isRegistry(store: ProcessStore, { project }: RuleContext): boolean {
  const written = store.uses.filter(writes).flatMap(({ args }) => args[1] ?? [])
  const isObject = (node: ts.Expression): boolean => {
    if (isHandle(node)) return true
    const declaration = ts.isIdentifier(bare(node)) ? project.declarationOf(bare(node)) : undefined
    const value = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined
    return value !== undefined && isHandle(value)
  }
  return written.length > 0 && written.every(isObject)
}
