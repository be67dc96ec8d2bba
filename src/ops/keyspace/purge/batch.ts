import type { Command, OperatorClient } from '../../../library/backends/operator.js'
import { OperatorError } from '../../../library/backends/operator-error.js'
import type { PurgeCounts } from '../../report/purge-report.js'
import { askAll } from './ask-all.js'
import { commandsFor, fadedTtl } from './method.js'
import { readBatch, type ReadOptions } from './read-batch.js'
import type { Throttle } from './throttle.js'

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
