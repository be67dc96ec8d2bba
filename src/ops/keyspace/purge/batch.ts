import type { Command, OperatorClient } from '../../../library/backends/operator.js'
import { OperatorError } from '../../../library/backends/operator-error.js'
import type { PurgeCounts } from '../../report/purge-report.js'
import { askAll } from './ask-all.js'
import { commandsFor, fadedTtl } from './method.js'
import { readBatch, type ReadOptions, type Standing } from './read-batch.js'
import type { Throttle } from './throttle.js'
import type { UndoRecord } from './undo-record.js'

export interface BatchOptions extends ReadOptions {
  throttle: Throttle
  random: () => number
}

/** A key that somebody writes again and again is left after so many attempts of its own. */
const ATTEMPTS = 5

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

/** When the key is to expire by a fade, in ms since 1970; null: it goes at once. */
type Doomed = Standing & Pick<UndoRecord, 'fadesAt'>

/** Whether the batch is dealt with; if not, nothing was done and nothing counted. */
async function tryBatch(
  keys: readonly Buffer[],
  options: BatchOptions,
  counts: PurgeCounts,
): Promise<boolean> {
  const { client, method, undo, throttle, random } = options
  const { standing, others, now } = await readBatch(keys, options)
  const doomed: Doomed[] = []
  for (const { key, ttlMs, record } of standing) {
    const lowered = method.kind === 'fade' ? fadedTtl(ttlMs, method.overMs, random) : 0
    if (lowered === null) continue
    // Spelled out: V8 takes objects that are spread for long-lived and lets them lie (measured: 190 bytes for each key).
    doomed.push({ key, ttlMs, record, fadesAt: method.kind === 'fade' ? now + lowered : null })
  }
  others.expiring += standing.length - doomed.length
  if (undo) throttle.weighed(bytesOf(standing), keys.length)
  if (doomed.length === 0) {
    await client.send('UNWATCH')
  } else {
    const batch = undo ? await undo.append(doomed.map(toRecord)) : 0
    const expiries = method.kind === 'fade' ? doomed.map(({ fadesAt }) => fadesAt!) : null
    const names = doomed.map(({ key }) => key)
    counts.unknown += names.length
    let replies: unknown[] | null = null
    try {
      replies = await throttle.timed(() => carryOut(client, commandsFor(names, expiries)))
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
    const failed = replies.find((reply) => reply instanceof Error)
    const done = replies.reduce<number>((sum, reply) => sum + (typeof reply === 'number' ? reply : 0), 0)
    counts[method.kind === 'fade' ? 'faded' : 'deleted'] += done
    // Others of the batch may have gone, and need their records: it stays in the undo file as a whole.
    if (failed) throw failed
    counts.gone += names.length - done
  }
  for (const name of Object.keys(others) as (keyof typeof others)[]) counts[name] += others[name]
  return true
}

/** The replies, in order, refusals among them; null when a watched key was written meanwhile, and nothing was done. */
async function carryOut(client: OperatorClient, commands: readonly Command[]): Promise<unknown[] | null> {
  const replies = await askAll(client, [['MULTI'], ...commands, ['EXEC']])
  // What a command was refused for is told where it was queued; EXEC only says that there was something.
  const refused = replies.find((reply) => reply instanceof OperatorError)
  if (refused) throw refused
  return replies.at(-1) as unknown[] | null
}

/** Only what the server itself said tells that nothing was done; what befell the connection does not. */
function isAnswer(error: unknown): boolean {
  return error instanceof OperatorError && error.reply !== null
}

/** Of a key that was read for an undo file. */
function toRecord({ key, record, fadesAt }: Doomed): UndoRecord {
  return { key, expiresAt: record!.expiresAt, fadesAt, value: record!.value }
}

function bytesOf(standing: readonly Standing[]): number {
  return standing.reduce((sum, { record }) => sum + (record?.value.length ?? 0), 0)
}
