import type { Command, OperatorClient } from '../../../library/backends/operator.js'
import { OperatorError } from '../../../library/backends/operator-error.js'
import { askAll } from './ask-all.js'
import { milliseconds } from './server-time.js'
import type { UndoRecord } from './undo-record.js'

/** How far the end of a lifetime that was read, time and TTL one after the other, may be from the one that was set. */
const READ_WITHIN_MS = 100
/** The first byte of a dumped string. */
const STRING = 0

/** What became of keys that a fade had left, when their turn to be restored came. */
export interface Lengthened {
  lengthened: number
  /** Expired just then, and are there again. */
  restored: number
}

/**
 * Gives keys that still are what they were their lifetime back. Others, and those that live as long already, stay as they
 * are. One key at a time, watched, so that a value written meanwhile gets no lifetime of another.
 *
 * @throws OperatorError
 */
export async function lengthenBatch(
  client: OperatorClient,
  records: readonly UndoRecord[],
): Promise<Lengthened> {
  const counts = { lengthened: 0, restored: 0 }
  for (const record of records) {
    const became = await lengthen(client, record)
    if (became !== 'present') counts[became] += 1
  }
  return counts
}

async function lengthen(client: OperatorClient, record: UndoRecord): Promise<keyof Lengthened | 'present'> {
  const { key, expiresAt, value } = record
  const [watched, time, ttl, now] = await askAll(client, [
    ['WATCH', key],
    ['TIME'],
    ['PTTL', key],
    ['DUMP', key],
  ])
  const refused = [watched, time, ttl, now].find((reply) => reply instanceof OperatorError)
  if (refused) throw refused
  const ends = milliseconds(time) + Number(ttl)
  const isGone = now === null
  const isShorter = Number(ttl) >= 0 && (expiresAt === null || ends < expiresAt)
  if (!isGone && (!isShorter || !isUnchanged(record, now as Buffer, ends))) {
    await client.send('UNWATCH')
    return 'present'
  }
  const back: Command = isGone
    ? ['RESTORE', key, expiresAt ?? 0, value, 'ABSTTL']
    : expiresAt === null
      ? ['PERSIST', key]
      : ['PEXPIREAT', key, expiresAt]
  const replies = await askAll(client, [['MULTI'], back, ['EXEC']])
  const done = replies.at(-1) as unknown[] | null
  const failed = [...replies, ...(done ?? [])].find((reply) => reply instanceof OperatorError)
  if (failed) throw failed
  if (done === null) return 'present'
  return isGone ? 'restored' : 'lengthened'
}

/**
 * The dump of a collection changes when it is merely read, as its tables grow and shrink while they are used: there the
 * lifetime, still the one that the fade gave, tells that nobody set another.
 */
function isUnchanged({ value, fadesAt }: UndoRecord, now: Buffer, ends: number): boolean {
  if (now.equals(value)) return true
  const isCollection = now[0] !== STRING && now[0] === value[0]
  return isCollection && fadesAt !== null && Math.abs(ends - fadesAt) <= READ_WITHIN_MS
}
