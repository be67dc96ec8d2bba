import ts from 'typescript'
import { all, bare } from '../../syntax.js'
import { methodOf, type Receivers } from '../receivers.js'

/** What a command does with its key. */
export type Access = 'read' | 'write' | 'delete' | 'expire'

/** What a write leaves under its key. */
export type Written = 'text' | 'collection' | 'counter'

/** One command sent to Redis, by itself or in a pipeline. */
export interface Command {
  call: ts.CallExpression
  /** As Redis names it, in lower case: `setex`. */
  name: string
  args: readonly ts.Expression[]
  client: ts.Expression
  access: Access
  /** Of a write. */
  written?: Written
}

const READS =
  'get getbuffer mget exists ttl pttl smembers scard sismember smismember zrange zrangebyscore zrevrange zcard zscore zcount lrange llen lindex hget hgetall hmget hkeys hvals hlen hexists strlen getrange type getbit getex json.get zrank zrevrank srandmember'
const TEXTS = 'set setex psetex setnx getset mset msetnx append setbit setrange json.set'
const COLLECTIONS = 'hset hmset hsetnx sadd zadd lpush rpush pfadd lpushx rpushx geoadd'
const COUNTERS = 'incr incrby incrbyfloat decr decrby hincrby hincrbyfloat zincrby'
const DELETES = 'del unlink getdel'
const EXPIRES = 'expire pexpire expireat pexpireat'

const ACCESS = new Map<string, { access: Access; written?: Written }>([
  ...READS.split(' ').map((name) => [name, { access: 'read' as const }] as const),
  ...DELETES.split(' ').map((name) => [name, { access: 'delete' as const }] as const),
  ...EXPIRES.split(' ').map((name) => [name, { access: 'expire' as const }] as const),
  ...(
    [
      [TEXTS, 'text'],
      [COLLECTIONS, 'collection'],
      [COUNTERS, 'counter'],
    ] as const
  ).flatMap(([names, written]) =>
    names.split(' ').map((name) => [name, { access: 'write' as const, written }] as const),
  ),
])

// `redis.call('SET', …)`, `redis.send('SET', […])`, `client.sendCommand(['SET', …])`
const RAW = /^(?:call|send|sendCommand|send_command|customCommand|executeCommand)$/

/** The commands of a file, in the order of the code. */
export function commandsIn(file: ts.SourceFile, receivers: Receivers): readonly Command[] {
  return all(file, ts.isCallExpression).flatMap((call) => commandOf(call, receivers) ?? [])
}

/** The command that a call of a client's method is; undefined for what has no key of its own. */
function commandOf(call: ts.CallExpression, receivers: Receivers): Command | undefined {
  const target = methodOf(call)
  if (!target) return undefined
  const sent = RAW.test(target.method)
    ? rawCommand(call)
    : { name: target.method, args: call.arguments as readonly ts.Expression[] }
  const name = sent?.name.toLowerCase().replace(/^json(?:\.|_)?/, 'json.') ?? ''
  const does = ACCESS.get(name)
  if (!sent || !does) return undefined
  const client =
    receivers.of(target.receiver) === 'client' ? target.receiver : receivers.pipelined(target.receiver)
  return client && { call, name, args: sent.args, client, ...does }
}

function rawCommand(call: ts.CallExpression): { name: string; args: readonly ts.Expression[] } | undefined {
  const flat = call.arguments.flatMap((each) => {
    const inner = bare(each)
    return ts.isArrayLiteralExpression(inner) ? [...inner.elements] : [each]
  })
  const [first, ...args] = flat
  const name = first && bare(first)
  return name && ts.isStringLiteralLike(name) ? { name: name.text, args } : undefined
}

/** The arguments that are keys. */
export function keysOf({ name, args }: Command): readonly ts.Expression[] {
  const [first] = args
  if (!first) return []
  if (name === 'mset' || name === 'msetnx') return pairKeys(args)
  const isVariadic = /^(?:del|unlink|mget|exists)$/.test(name)
  const inner = bare(first)
  if (ts.isArrayLiteralExpression(inner)) return inner.elements
  return isVariadic ? args : [first]
}

/** `mset(a, 1, b, 2)`, `mset({ a: 1 })`. */
function pairKeys(args: readonly ts.Expression[]): readonly ts.Expression[] {
  const first = bare(args[0]!)
  if (!ts.isObjectLiteralExpression(first)) return args.filter((_, at) => at % 2 === 0)
  return first.properties.flatMap(({ name }) => {
    if (!name) return []
    if (ts.isComputedPropertyName(name)) return [name.expression]
    return ts.isStringLiteralLike(name) || ts.isIdentifier(name) ? [name as ts.Expression] : []
  })
}
