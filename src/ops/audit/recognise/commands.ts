import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { all, bare, lastName } from '../syntax.js'
import type { Operation } from './operations.js'

/** A call that sends one Redis command, whatever the client calls it: `hGet`, `hget` and `call('HGET', …)` are one. */
export interface Command {
  call: ts.CallExpression
  /** In lower case. */
  name: string
  args: readonly ts.Expression[]
  receiver: ts.Expression
  /** What the receiver is; `named` for one that is only named for Redis, where the code does not tell. */
  on: Operation['kind'] | 'named' | undefined
  /** It is put into a MULTI or pipeline, and sent with the other commands of it. */
  isQueued: boolean
}

const known = new WeakMap<RuleContext, Map<ts.SourceFile, Command[]>>()

/** What looks like a Redis command in a file, in the order of the code. */
export function commandsIn(file: ts.SourceFile, context: RuleContext): readonly Command[] {
  const files = known.get(context) ?? new Map<ts.SourceFile, Command[]>()
  known.set(context, files)
  const found = files.get(file) ?? all(file, ts.isCallExpression).flatMap((call) => at(call, context) ?? [])
  files.set(file, found)
  return found
}

// What the rules ask about; the calls of everything else need not be looked at.
const ASKED =
  /^(?:(?:incr|decr)(?:by(?:float)?)?|hincrby(?:float)?|zincrby|append|setnx|set|hset|hmset|hsetnx|sadd|zadd|[lr]push|pfadd|p?expire(?:at)?|p?ttl|keys|flush(?:all|db)|smembers|hgetall|eval(?:sha)?(?:_?ro)?|fcall(?:_?ro)?)$/
const RAW = /^(?:call|callBuffer|sendCommand|send_command|executeCommand)$/

function at(call: ts.CallExpression, context: RuleContext): Command | undefined {
  const callee = bare(call.expression)
  if (!ts.isPropertyAccessExpression(callee)) return undefined
  const raw = RAW.test(callee.name.text) ? rawCommand(call) : undefined
  const { name, args } = raw ?? { name: callee.name.text.toLowerCase(), args: call.arguments }
  if (!ASKED.test(name)) return undefined
  const receiver = callee.expression
  const isQueued = isQueue(receiver, context)
  const on = isQueued ? 'client' : kindOf(call, receiver, context)
  return { call, name, args, receiver, isQueued, on }
}

/** `call('HGET', key, field)` and `sendCommand(['HGET', key, field])`. */
function rawCommand({ arguments: args }: ts.CallExpression): Pick<Command, 'name' | 'args'> | undefined {
  const list = args.map(bare).find(ts.isArrayLiteralExpression)
  const [first, ...rest] = list ? list.elements : args
  return first && ts.isStringLiteralLike(first) ? { name: first.text.toLowerCase(), args: rest } : undefined
}

const QUEUE = /^(?:multi|pipeline|batch)$/i

/** `redis.multi().incr(key)`, or a constant that holds the queue. */
function isQueue(receiver: ts.Expression, { project }: RuleContext): boolean {
  let node = bare(receiver)
  while (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) {
    if (ts.isCallExpression(node) && QUEUE.test(lastName(node.expression))) return true
    node = bare(node.expression)
  }
  if (!ts.isIdentifier(node)) return false
  const declaration = project.declarationOf(node)
  if (!declaration) return false
  if (ts.isVariableDeclaration(declaration) && declaration.initializer) {
    const made = bare(declaration.initializer)
    return all(made, ts.isCallExpression).some((each) => QUEUE.test(lastName(each.expression)))
  }
  const type = 'type' in declaration ? (declaration.type as ts.TypeNode | undefined)?.getText() : undefined
  return /pipeline|multi|ChainableCommander|transaction/i.test(type ?? node.text)
}

const NAMED = /redis|valkey|upstash|(?:^|[^a-z])kv$/i

function kindOf(call: ts.CallExpression, receiver: ts.Expression, context: RuleContext): Command['on'] {
  const operation = context.operations.at(call)
  if (operation) return operation.kind
  // Untyped code, and what comes out of an import that leads nowhere: a Redis command on what is named for Redis.
  const type = context.project.typeOf(receiver)
  return (type.isAny || type.awaited().isAny) && NAMED.test(wordsOf(receiver)) ? 'named' : undefined
}

/** The names of a receiver, `this.redis.client` and `getRedis()` included. */
function wordsOf(receiver: ts.Expression): string {
  const node = bare(receiver)
  if (ts.isPropertyAccessExpression(node) && /client|connection|instance/i.test(node.name.text))
    return `${wordsOf(node.expression)} ${node.name.text}`
  return lastName(node)
}
