import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, bare, functionAt, isFunction, isWithin, lastName, nameOf } from '../syntax.js'
import { isDefault } from './arms.js'
import { asksForBackend } from './availability.js'
import { isHandle, reads, writes, type ProcessStore, type StoreUse } from './process-stores.js'

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
  if (isOtherClosure(inner, context)) return true
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

/** `withFallback(() => redis.get(key), () => entries.get(key))`: the second is asked when the first has failed. */
function isOtherClosure(closure: ts.SignatureDeclaration, context: RuleContext): boolean {
  const call = closure.parent
  if (!ts.isArrowFunction(closure) || !ts.isCallExpression(call)) return false
  const at = call.arguments.indexOf(closure)
  const isAsked = call.arguments
    .slice(0, Math.max(at, 0))
    .some((each) => isFunction(each) && commandsIn(each, context).length > 0)
  if (!isAsked) return false
  const declaration = context.project.declarationOf(nameOf(call.expression))
  const helper = declaration && functionAt(declaration)
  return helper
    ? all(helper, ts.isCatchClause).length > 0
    : /fallback|orElse|recover/i.test(lastName(call.expression))
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
