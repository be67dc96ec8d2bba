import type { Command, OperatorClient } from '../../../library/backends/operator.js'
import { OperatorError } from '../../../library/backends/operator-error.js'
import { milliseconds } from './server-time.js'
import type { UndoRecord } from './undo-record.js'

/**
 * Gives keys that still are what they were their lifetime back, and says how many. Others, and those that live as long
 * already, stay as they are. One key at a time, watched, so that a value written meanwhile gets no lifetime of another.
 *
 * @throws OperatorError
 */
export async function lengthenBatch(client: OperatorClient, records: readonly UndoRecord[]): Promise<number> {
  let lengthened = 0
  for (const record of records) if (await lengthen(client, record)) lengthened += 1
  return lengthened
}

async function lengthen(client: OperatorClient, { key, expiresAt, value }: UndoRecord): Promise<boolean> {
  const [watched, time, ttl, now] = await client.pipelineBytes([
    ['WATCH', key],
    ['TIME'],
    ['PTTL', key],
    ['DUMP', key],
  ])
  const refused = [watched, time, ttl, now].find((reply) => reply instanceof OperatorError)
  if (refused) throw refused
  const ends = milliseconds(time) + Number(ttl)
  const isShorter = Number(ttl) >= 0 && (expiresAt === null || ends < expiresAt)
  if (!isShorter || !Buffer.isBuffer(now) || !now.equals(value)) {
    await client.send('UNWATCH')
    return false
  }
  const command: Command = expiresAt === null ? ['PERSIST', key] : ['PEXPIREAT', key, expiresAt]
  const replies = await client.pipeline([['MULTI'], command, ['EXEC']])
  const failed = replies.find((reply) => reply instanceof OperatorError)
  if (failed) throw failed
  return replies.at(-1) !== null
}
