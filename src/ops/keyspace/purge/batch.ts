import type { Command, OperatorClient } from '../../../library/backends/operator.js'
import { OperatorError } from '../../../library/backends/operator-error.js'
import { isTombstone, TOMBSTONE_PREFIX } from '../../../library/cache/tombstone.js'
import type { PurgeCounts } from '../../report/purge-report.js'
import { askAll } from './ask-all.js'
import { commandsFor, fadedTtl, type Method } from './method.js'
import { milliseconds } from './server-time.js'
import type { Throttle } from './throttle.js'
import type { UndoFile } from './undo-file.js'
import type { UndoRecord } from './undo-record.js'

export interface BatchOptions {
  client: OperatorClient
  method: Method
  noTtl: boolean
  undo: UndoFile | null
  throttle: Throttle
  random: () => number
}

/** A key that somebody writes again and again is left after so many attempts of its own. */
const ATTEMPTS = 5

/** The cluster has other plans for the key than this node. */
const ELSEWHERE = new Set(['MOVED', 'ASK', 'TRYAGAIN', 'CLUSTERDOWN'])

/**
 * Takes keys away, all of them or none: what was read of them, which undo records and conditions rest on, is what is
 * there when they go (WATCH). Where somebody wrote one of them meanwhile, halves are tried, down to single keys.
 *
 * @throws OperatorError, EnvironmentError when the undo file cannot be written; `counts` says what was done until then
 */
export async function purgeBatch(
  keys: readonly Buffer[],
  options: BatchOptions,
  counts: PurgeCounts,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (await tryBatch(keys, options, counts)) return
    if (keys.length > 1) {
      const half = keys.length >> 1
      await purgeBatch(keys.slice(0, half), options, counts)
      await purgeBatch(keys.slice(half), options, counts)
      return
    }
  }
  counts.contended += keys.length
}

/** Whether the batch is dealt with; if not, nothing was done and nothing counted. */
async function tryBatch(
  keys: readonly Buffer[],
  options: BatchOptions,
  counts: PurgeCounts,
): Promise<boolean> {
  const { client, method, undo, throttle, random } = options
  const { standing, others } = await readBatch(keys, options)
  const expiries =
    method.kind === 'fade' ? standing.map(({ ttlMs }) => fadedTtl(ttlMs, method.overMs, random)) : null
  const doomed = standing.filter((_key, index) => expiries === null || expiries[index] !== null)
  const lifetimes = expiries && expiries.filter((ms) => ms !== null)
  others.expiring += standing.length - doomed.length
  if (doomed.length === 0) {
    await client.send('UNWATCH')
  } else {
    const batch = undo ? await undo.append(doomed.map(({ record }) => record!)) : 0
    const names = doomed.map(({ key }) => key)
    counts.unknown += names.length
    let replies: unknown[] | null = null
    try {
      replies = await throttle.timed(() => carryOut(client, commandsFor(names, lifetimes)))
    } catch (error) {
      if (!isAnswer(error)) throw error
      counts.unknown -= names.length
      await undo?.takeBack(batch)
      throw error
    }
    counts.unknown -= names.length
    if (replies === null) {
      await undo?.takeBack(batch)
      return false
    }
    const done = replies.reduce<number>((sum, reply) => sum + Number(reply), 0)
    counts[method.kind === 'fade' ? 'faded' : 'deleted'] += done
    counts.gone += names.length - done
  }
  for (const name of Object.keys(others) as (keyof typeof others)[]) counts[name] += others[name]
  return true
}

interface Standing {
  key: Buffer
  ttlMs: number | null
  /** Null without an undo file. */
  record: UndoRecord | null
}

/** What stands under the keys, watched from now on; those that stay for a reason are counted in `others`. */
async function readBatch(
  keys: readonly Buffer[],
  { client, noTtl, undo, method }: BatchOptions,
): Promise<{
  standing: Standing[]
  others: Pick<PurgeCounts, 'gone' | 'moved' | 'tombstonesLeft' | 'spared' | 'expiring'>
}> {
  // What nobody needs is not asked: of a million keys it is half of the time.
  const asksTtl = undo !== null || noTtl || method.kind === 'fade'
  const questions = (key: Buffer): Command[] => [
    ['GETRANGE', key, 0, TOMBSTONE_PREFIX.length - 1],
    ...(asksTtl ? [['PTTL', key] as const] : []),
    ...(undo ? [['DUMP', key] as const] : []),
  ]
  const [watched, time, ...replies] = await askAll(client, [
    ['WATCH', ...keys],
    ['TIME'],
    ...keys.flatMap(questions),
  ])
  if (time instanceof OperatorError) throw time
  const now = milliseconds(time)
  const others = { gone: 0, moved: 0, tombstonesLeft: 0, spared: 0, expiring: 0 }
  const standing: Standing[] = []
  const each = replies.length / keys.length
  for (const [index, key] of keys.entries()) {
    const at = index * each
    const [beginning, ttl = -1, value] = replies.slice(at, at + each)
    const refused = [watched, ttl, value, beginning].find(isRefusal)
    if (refused) {
      if (!ELSEWHERE.has(refused.code)) throw refused
      others.moved += 1
    } else if (ttl === -2 || (undo && value === null)) others.gone += 1
    else if (Buffer.isBuffer(beginning) && isTombstone(beginning.toString('latin1')))
      others.tombstonesLeft += 1
    else if (noTtl && ttl !== -1) others.spared += 1
    else {
      const ttlMs = ttl === -1 ? null : Number(ttl)
      const expiresAt = ttlMs === null ? null : now + ttlMs
      standing.push({ key, ttlMs, record: undo && { key, expiresAt, value: value as Buffer } })
    }
  }
  return { standing, others }
}

/** GETRANGE of what is no string is no refusal: it is no tombstone either. */
function isRefusal(reply: unknown): reply is OperatorError {
  return reply instanceof OperatorError && reply.code !== 'WRONGTYPE'
}

/** The replies, in order; null when a watched key was written meanwhile, and nothing was done. */
async function carryOut(client: OperatorClient, commands: readonly Command[]): Promise<unknown[] | null> {
  const replies = await askAll(client, [['MULTI'], ...commands, ['EXEC']])
  // What a command was refused for is told where it was queued; EXEC only says that there was something.
  const refused = replies.find((reply) => reply instanceof OperatorError)
  if (refused) throw refused
  const done = replies.at(-1) as unknown[] | null
  const failed = done?.find((reply) => reply instanceof Error)
  if (failed) throw failed
  return done
}

/** A refusal is an answer: nothing was done. */
function isAnswer(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return code !== 'TIMEOUT' && code !== 'CLOSED' && code !== 'ABORTED'
}
