import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, bare, isWithin, lastName } from '../syntax.js'
import { asksForBackend } from './availability.js'
import { isHandle, reads, writes, type ProcessStore } from './process-stores.js'

/** Read where the backend's answer would have been: in the catch of its call, where it is not configured, or in the other branch. */
export function standsIn(store: ProcessStore, context: RuleContext): boolean {
  if (isRegistry(store, context)) return false
  return store.uses
    .filter(reads)
    .flatMap(({ node, within }) => (within ? [{ node, within }, ...callsOf(within, store, context)] : []))
    .some((place) => isInstead(place, store, context))
}

export interface Place {
  node: ts.Node
  within: ts.SignatureDeclaration
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

function commandsIn(within: ts.Node, { operations }: RuleContext): ts.CallExpression[] {
  return operations.within(within).map(({ call }) => call)
}

function isInstead({ node, within: inner }: Place, store: ProcessStore, context: RuleContext): boolean {
  const within = aroundCallbacks(inner)
  const commands = commandsIn(within, context)
  if (commands.length === 0) return false
  const failed = above(node, ts.isCatchClause)
  if (failed && isWithin(failed, within) && commands.some((each) => isWithin(each, failed.parent.tryBlock)))
    return true
  if (isBehind(node, within, commands, store)) return true
  if (isOtherArm(node, within, commands, context)) return true
  return all(within, ts.isIfStatement).some(({ expression, thenStatement, elseStatement }) => {
    const inside = commands.some((each) => isWithin(each, thenStatement))
    // Whatever decides: here Redis is asked, and there the process.
    if (elseStatement && isWithin(node, elseStatement) && inside) return true
    const isHere = isWithin(node, thenStatement)
    // Before the branch it is a first level in front of Redis, which only saves reads.
    const isOther = isHere ? !inside : inside && node.pos > thenStatement.end
    if (!isOther) return false
    if (asksForBackend(expression, context.products)) return true
    const isAsked = store.uses.some((use) => isWithin(use.node, expression))
    return !isAsked && leaves(thenStatement) && asksForState(expression)
  })
}

/** `redis ? await redis.get(key) : entries.get(key)`. */
function isOtherArm(
  node: ts.Node,
  within: ts.Node,
  commands: readonly ts.CallExpression[],
  { products }: RuleContext,
): boolean {
  return all(within, ts.isConditionalExpression).some(({ condition, whenTrue, whenFalse }) => {
    const asks = (arm: ts.Node) => commands.some((each) => isWithin(each, arm))
    const isHere = (arm: ts.Node) => isWithin(node, arm) && !asks(arm)
    const isChoice = (isHere(whenFalse) && asks(whenTrue)) || (isHere(whenTrue) && asks(whenFalse))
    // `local.has(key) ? local.get(key) : await redis.get(key)` only saves reads.
    return isChoice && (asksForBackend(condition, products) || asksForState(condition))
  })
}

/** `tags.map((tag) => marks.get(tag))`: a part of what the function around it does. */
function aroundCallbacks(within: ts.SignatureDeclaration): ts.SignatureDeclaration {
  const isCallback = ts.isArrowFunction(within) && ts.isCallExpression(within.parent)
  const around = isCallback ? above(within, ts.isFunctionLike) : undefined
  return around ? aroundCallbacks(around) : within
}

const STATE =
  /redis|valkey|upstash|kv|mem(?:ory)?|fall.?back|connected|ready|avail|offline|degraded|healthy|configured|isUp/i

/** A flag or a function that says how it is about Redis: `useMemoryFallback`, `isKVAvailable()`. */
function asksForState(condition: ts.Expression): boolean {
  const node = bare(condition)
  if (ts.isPrefixUnaryExpression(node)) return asksForState(node.operand)
  const isName = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)
  return isName && STATE.test(lastName(node))
}

function leaves(branch: ts.Statement): boolean {
  const last = ts.isBlock(branch) ? branch.statements.at(-1) : branch
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last))
}

const READS = /^(?:get|mget|hget|hgetall|getdel|exists|ttl)$/i

/** Asked when Redis had no answer: then it is no first level in front of it, but what remains without it. */
function isBehind(
  node: ts.Node,
  within: ts.Node,
  commands: readonly ts.CallExpression[],
  store: ProcessStore,
): boolean {
  const isRead = ({ expression }: ts.CallExpression) => READS.test(lastName(expression))
  const asked = commands.find((each) => isRead(each) && each.end < node.pos && !isWithin(node, each))
  if (!asked) return false
  const isFirst = store.uses.some(
    (use) => reads(use) && isWithin(use.node, within) && use.node.pos < asked.pos,
  )
  if (isFirst || isOfWork(store)) return false
  // A hit has left the function before.
  return all(within, ts.isReturnStatement).some((each) => each.pos > asked.pos && each.end < node.pos)
}

/** Who asks for the same meanwhile waits for the work that is under way. */
function isOfWork({ name, uses }: ProcessStore): boolean {
  if (/flight|pending|loading|running|promise/i.test(name)) return true
  return uses.some(({ node, method }) => {
    const attempt = method === 'delete' ? above(node, ts.isTryStatement) : undefined
    return attempt?.finallyBlock !== undefined && isWithin(node, attempt.finallyBlock)
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
