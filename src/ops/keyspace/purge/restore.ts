import type { Command } from '../../../library/backends/operator.js'
import { OperatorError } from '../../../library/backends/operator-error.js'
import type { RestoreCounts, RestoreResult } from '../../report/restore-report.js'
import type { ReportError } from '../../report/report.js'
import { asReportError, isGivenUp } from '../as-report-error.js'
import { everySecond, type ProgressEvent } from '../every-second.js'
import { nodeOf, type ServerNode } from '../nodes.js'
import type { Server } from '../server.js'
import { askAll } from './ask-all.js'
import { lengthenBatch } from './lengthen.js'
import { milliseconds } from './server-time.js'
import type { UndoReader } from './undo-reader.js'
import type { UndoRecord } from './undo-record.js'

export interface RestoreOptions {
  undo: UndoReader
  /** Replaces what stands under a key by now. */
  overwrite: boolean
  /** Only looks what would be done. */
  dryRun: boolean
  /** What keys count as; for the report. */
  kindOf(key: Buffer): string
  signal?: AbortSignal | undefined
  onEvent?: ((event: ProgressEvent) => void) | undefined
}

/** Keys in one pipeline, and bytes of values; both bound how long others wait for the server. */
const MOST_KEYS = 500
const MOST_BYTES = 4 * 1024 * 1024

/**
 * Brings back what a purge took, as it was, with the lifetime that it would still have: what would have expired by now
 * stays away. A key that is there again is left alone unless told otherwise; one that a fade only shortened, and that is
 * still what it was, gets its lifetime back.
 *
 * Never rejects: what went wrong is `error`, beside what was done until then. Doing it again does no harm.
 */
export async function restore(
  server: Server,
  options: RestoreOptions,
): Promise<{ result: RestoreResult; error: ReportError | null }> {
  const { undo, dryRun, signal, onEvent, kindOf } = options
  const begun = performance.now()
  const counts: RestoreCounts = {
    restored: 0,
    lengthened: 0,
    present: 0,
    expired: 0,
    refused: 0,
    unreachable: 0,
    unknown: 0,
  }
  const kinds: Record<string, number> = {}
  let records = 0
  let refusal: string | null = null
  let error: ReportError | null = null
  let through = false
  const progress = everySecond((done, perSecond) =>
    onEvent?.({ type: 'progress', phase: dryRun ? 'reading' : 'restoring', done, of: done, perSecond }),
  )
  const onRefusal = (words: string) => (refusal ??= words)
  try {
    for await (const batch of batchesOf(undo.records())) {
      if (signal?.aborted) break
      records += batch.length
      for (const { key } of batch) kinds[kindOf(key)] = (kinds[kindOf(key)] ?? 0) + 1
      for (const [node, ofNode] of byNode(server, batch)) {
        if (node === null) counts.unreachable += ofNode.length
        else await restoreBatch(node, ofNode, options, counts, onRefusal)
      }
      progress(records)
    }
    through = !signal?.aborted
  } catch (thrown) {
    if (!isGivenUp(thrown)) error = asReportError(thrown)
  }
  const { refused, unreachable, unknown } = counts
  const result: RestoreResult = {
    ...counts,
    records,
    kinds,
    refusal,
    complete: through && refused + unreachable + unknown === 0,
    durationMs: Math.round(performance.now() - begun),
  }
  return { result, error }
}

async function* batchesOf(records: AsyncIterable<UndoRecord>): AsyncGenerator<UndoRecord[]> {
  let batch: UndoRecord[] = []
  let bytes = 0
  for await (const record of records) {
    batch.push(record)
    bytes += record.value.length
    if (batch.length < MOST_KEYS && bytes < MOST_BYTES) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

function byNode({ nodes }: Server, records: readonly UndoRecord[]): Map<ServerNode | null, UndoRecord[]> {
  const groups = new Map<ServerNode | null, UndoRecord[]>()
  for (const record of records) {
    const node = nodeOf(nodes, record.key)
    const group = groups.get(node)
    if (group) group.push(record)
    else groups.set(node, [record])
  }
  return groups
}

async function restoreBatch(
  { client }: ServerNode,
  records: readonly UndoRecord[],
  { undo, overwrite, dryRun }: RestoreOptions,
  counts: RestoreCounts,
  onRefusal: (words: string) => void,
): Promise<void> {
  const now = milliseconds(await client.send('TIME'))
  const alive = records.filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
  counts.expired += records.length - alive.length
  if (alive.length === 0) return
  const commands = alive.map(({ key, expiresAt, value }): Command =>
    dryRun
      ? ['EXISTS', key]
      : ['RESTORE', key, expiresAt ?? 0, value, 'ABSTTL', ...(overwrite ? ['REPLACE'] : [])],
  )
  counts.unknown += dryRun ? 0 : alive.length
  const replies = await askAll(client, commands)
  counts.unknown -= dryRun ? 0 : alive.length
  const present: UndoRecord[] = []
  let failure: OperatorError | null = null
  for (const [index, reply] of replies.entries()) {
    const isPresent = reply === 1 || (reply instanceof OperatorError && reply.code === 'BUSYKEY')
    if (isPresent && !(dryRun && overwrite)) present.push(alive[index]!)
    else if (!(reply instanceof OperatorError)) counts.restored += 1
    // Of one value only: it is of another version of Redis, or the file is damaged.
    else if (reply.code === 'ERR') {
      counts.refused += 1
      onRefusal(reply.message)
    } else if (reply.code === 'MOVED' || reply.code === 'ASK') counts.unreachable += 1
    // The commands behind it were carried out all the same, and count.
    else failure ??= reply
  }
  counts.present += present.length
  if (failure) throw failure
  if (undo.header.method.kind !== 'fade' || dryRun || present.length === 0) return
  const { lengthened, restored } = await lengthenBatch(client, present)
  counts.lengthened += lengthened
  counts.restored += restored
  counts.present -= lengthened + restored
}
