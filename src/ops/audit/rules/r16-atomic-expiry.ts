import ts from 'typescript'
import { commandsIn, type Command } from '../recognise/commands.js'
import type { Judgement, Rule, RuleContext, Violation } from '../rule.js'
import { bare, isFunction } from '../syntax.js'
import { conditionOf } from './r16/conditions.js'
import { isSameKey } from './r16/keys.js'

const COUNTS = /^(?:incr|decr|hincr|zincr)/
const WRITES =
  /^(?:(?:incr|decr)(?:by(?:float)?)?|hincrby(?:float)?|zincrby|append|setnx|set|hset|hmset|hsetnx|sadd|zadd|[lr]push|pfadd)$/
const EXPIRES = /^p?expire(?:at)?$/

/** R16: what makes a key also says when it expires, in one step. */
export const atomicExpiry: Rule = {
  id: 'R16',
  title: 'a key and its expiry are written in one step',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    const commands = commandsIn(file, context)
    for (const expire of commands) {
      if (!EXPIRES.test(expire.name)) continue
      const write = commands.findLast((each) => isWriteBefore(each, expire, context))
      if (write) yield* judge(write, expire, commands, context)
    }
  },
}

function isWriteBefore(write: Command, expire: Command, context: RuleContext): boolean {
  if (!WRITES.test(write.name) || write.call.pos >= expire.call.pos || carriesExpiry(write)) return false
  // A wrapper's own `set` may have an expiry of its own.
  if (write.name === 'set' && !(isRedis(write) && isRedis(expire))) return false
  const key = write.args[0]
  const same = expire.args[0]
  if (!key || !same || textOf(write.receiver) !== textOf(expire.receiver)) return false
  return functionOf(write.call) === functionOf(expire.call) && isSameKey(key, same, context)
}

function isRedis({ on }: Command): boolean {
  return on === 'client' || on === 'named'
}

/** `set(key, value, …)` with more than its value: an expiry, or something that cannot be read here. */
function carriesExpiry({ name, args }: Command): boolean {
  if (name !== 'set' || args.length <= 2) return false
  const text = args
    .slice(2)
    .map((each) => each.getText())
    .join(' ')
  return !/^(?:'NX'|"NX"|\{\s*(?:nx|NX):\s*true,?\s*\})$/i.test(text.trim())
}

function* judge(
  write: Command,
  expire: Command,
  commands: readonly Command[],
  context: RuleContext,
): Generator<Judgement> {
  if (write.isQueued && expire.isQueued) {
    yield {
      node: expire.call,
      site: 'conforms',
      what: `${write.name} and ${expire.name} are sent together`,
    }
    return
  }
  if (write.isQueued || expire.isQueued || !isAwaited(write.call)) return
  const isMended = commands.some(
    (each) =>
      EXPIRES.test(each.name) &&
      each.args[0] &&
      isSameKey(each.args[0], expire.args[0]!, context) &&
      conditionOf(each.call, write, context).asksTtl,
  )
  // Where the remaining time is read and mended, the next call makes up for the one that was lost.
  if (isMended) {
    yield { node: expire.call, site: 'conforms', what: `a missing expiry after ${write.name} is mended` }
    return
  }
  yield violationOf(write, expire, conditionOf(expire.call, write, context).isOnce)
}

function violationOf(write: Command, expire: Command, isOnce: boolean): Violation {
  const what = `${nameOf(expire)} is a step of its own after ${nameOf(write)}`
  const harm = harmOf(write, isOnce)
  return {
    node: expire.call,
    message: `${what}: when the process dies or Redis goes away between the two, ${harm.text}.`,
    remedy: remedyOf(write),
    ...(harm.isPermanent ? {} : { severity: 'warn', confidence: 'medium' }),
    related: [{ node: write.call, what: 'the key is made here' }],
  }
}

function harmOf({ name, args }: Command, isOnce: boolean): { text: string; isPermanent: boolean } {
  const isLock = name === 'setnx' || (name === 'set' && args.length > 2)
  if (isLock) return { text: 'the lock stays until somebody deletes it', isPermanent: true }
  if (name === 'set')
    return { text: 'the value stays for ever, and readers take it for fresh', isPermanent: true }
  if (COUNTS.test(name) && isOnce)
    return {
      text: 'the counter never expires, and who is counted by it stays limited until somebody deletes it',
      isPermanent: true,
    }
  if (isOnce)
    return {
      text: 'the key never expires, because only the first write sets its expiry',
      isPermanent: true,
    }
  return { text: 'the key has no expiry until it is written again', isPermanent: false }
}

function remedyOf({ name }: Command): string {
  if (name === 'set' || name === 'setnx')
    return 'Give the expiry to the command that writes: `SET key value EX seconds`, with `NX` for a lock.'
  return 'Send both in one MULTI, or do both in one Lua script, which can set the expiry only when the key is new.'
}

function nameOf({ name }: Command): string {
  return `\`${name.toUpperCase()}\``
}

/** The outermost function: callbacks belong to the code that hands them out. */
function functionOf(node: ts.Node): ts.Node {
  let found: ts.Node = node.getSourceFile()
  for (let each = node.parent; each !== undefined && !ts.isClassLike(each); each = each.parent)
    if (isFunction(each)) found = each
  return found
}

/** Not awaited, it is written to the connection in the same turn as what follows. */
function isAwaited(call: ts.CallExpression): boolean {
  let node: ts.Node = call
  while (
    ts.isParenthesizedExpression(node.parent) ||
    ts.isAsExpression(node.parent) ||
    ts.isNonNullExpression(node.parent)
  ) {
    node = node.parent
  }
  const { parent } = node
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return false
  return !ts.isArrayLiteralExpression(parent)
}

function textOf(receiver: ts.Expression): string {
  return bare(receiver).getText().replaceAll(/[?!]/g, '')
}
