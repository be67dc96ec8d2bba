import type { Command, OperatorClient } from '../../../library/backends/operator.js'
import { OperatorError } from '../../../library/backends/operator-error.js'
import { isTombstone, TOMBSTONE_PREFIX } from '../../../library/cache/tombstone.js'
import type { PurgeCounts } from '../../report/purge-report.js'
import { askAll } from './ask-all.js'
import type { Method } from './method.js'
import { milliseconds } from './server-time.js'
import type { UndoFile } from './undo-file.js'
import type { UndoRecord } from './undo-record.js'

/** The cluster has other plans for the key than this node. */
const ELSEWHERE = new Set(['MOVED', 'ASK', 'TRYAGAIN', 'CLUSTERDOWN'])

export interface ReadOptions {
  client: OperatorClient
  method: Method
  noTtl: boolean
  /** Null: nobody wants the values back, so that they are not read. */
  undo: UndoFile | null
}

/** A key that is there, as it was read. */
export interface Standing {
  key: Buffer
  ttlMs: number | null
  /** Null without an undo file. */
  record: Omit<UndoRecord, 'fadesAt'> | null
}

/** What stands under the keys, watched from now on; those that stay for a reason are counted in `others`. */
export async function readBatch(
  keys: readonly Buffer[],
  { client, noTtl, undo, method }: ReadOptions,
): Promise<{
  standing: Standing[]
  /** By the server's clock. */
  now: number
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
  return { standing, now, others }
}

/** GETRANGE of what is no string is no refusal: it is no tombstone either. */
function isRefusal(reply: unknown): reply is OperatorError {
  return reply instanceof OperatorError && reply.code !== 'WRONGTYPE'
}
