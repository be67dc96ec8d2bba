import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, bare, isWithin } from '../syntax.js'
import { asksForBackend } from './availability.js'
import { isBacked } from './kinds.js'
import { isHandle, reads, writes, type ProcessStore } from './process-stores.js'

/** Read where the backend's answer would have been: in the catch of its call, where it is not configured, or in the other branch. */
export function standsIn(store: ProcessStore, context: RuleContext): boolean {
  if (isRegistry(store, context)) return false
  return store.uses
    .filter(reads)
    .flatMap(({ node, within }) => (within ? [{ node, within }, ...callsOf(within, store, context)] : []))
    .some((place) => isInstead(place, context))
}

interface Place {
  node: ts.Node
  within: ts.SignatureDeclaration
}

/** Where a function that only reads the store is called: `return fromMemory(key)`. */
function callsOf(reader: ts.SignatureDeclaration, store: ProcessStore, context: RuleContext): Place[] {
  const named = (reader.name ? reader : reader.parent) as ts.NamedDeclaration
  if (!named.name || commandsIn(reader, context).length > 0) return []
  return context.references.to(named).flatMap((node) => {
    const within = above(node, ts.isFunctionLike)
    const isHere = node.getSourceFile() === store.declaration.getSourceFile()
    return within && isHere ? [{ node, within }] : []
  })
}

function commandsIn(within: ts.Node, { products }: RuleContext): ts.CallExpression[] {
  return all(within, ts.isCallExpression).filter(
    ({ expression }) =>
      ts.isPropertyAccessExpression(expression) &&
      products.of(expression.expression).some(({ kind }) => isBacked(kind)),
  )
}

function isInstead({ node, within }: Place, context: RuleContext): boolean {
  const commands = commandsIn(within, context)
  if (commands.length === 0) return false
  const failed = above(node, ts.isCatchClause)
  if (failed && isWithin(failed, within) && commands.some((each) => isWithin(each, failed.parent.tryBlock)))
    return true
  return all(within, ts.isIfStatement).some(({ expression, thenStatement, elseStatement }) => {
    const inside = commands.some((each) => isWithin(each, thenStatement))
    // Whatever decides: here Redis is asked, and there the process.
    if (elseStatement && isWithin(node, elseStatement) && inside) return true
    if (!asksForBackend(expression, context.products)) return false
    const isHere = isWithin(node, thenStatement)
    // Before the branch it is a first level in front of Redis, which only saves reads.
    return isHere ? !inside : inside && node.pos > thenStatement.end
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
