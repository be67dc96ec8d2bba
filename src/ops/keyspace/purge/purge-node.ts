import type { NodeResult } from '../../report/purge-report.js'
import { asReportError, isGivenUp } from '../as-report-error.js'
import { keySlot } from '../../../library/families/key-slot.js'
import type { ServerNode } from '../nodes.js'
import { onlyBare } from '../only-bare.js'
import { createPace, type Pace } from '../pace.js'
import { scanPages } from '../scan.js'
import { purgeBatch, type BatchOptions } from './batch.js'
import { isWhole, noCounts } from './counts.js'
import type { PackedKeys } from './packed-keys.js'
import type { Selection } from './selection.js'

export interface PurgeNodeOptions extends Omit<BatchOptions, 'client' | 'noTtl'> {
  selection: Selection
  /** Keys that were counted; null where they have to be looked for. */
  names: PackedKeys | null
  /** Keys of other kinds are left, whatever the glob matches. */
  kinds: ReadonlySet<string>
  gentle: boolean
  signal?: AbortSignal | undefined
  onBatch(node: NodeResult): void
}

/** Names that are looked at together; several steps. */
const PAGE = 2000

/**
 * Takes away the keys that one node holds. Never rejects: what went wrong is `error`, beside what was done until then.
 * Ends after the batch that is under way when the signal aborts.
 */
export async function purgeNode(node: ServerNode, options: PurgeNodeOptions): Promise<NodeResult> {
  const { selection, kinds, gentle, signal, throttle, onBatch } = options
  const { client, address } = node
  const result: NodeResult = { address, ...noCounts(), complete: false }
  const pace = createPace({ gentle, signal })
  const batchOptions = { ...options, client, noTtl: selection.noTtl }
  const isMeant = (key: Buffer) => {
    const kind = selection.kindOf(key)
    return kind !== null && kinds.has(kind)
  }
  try {
    let through = false
    for await (const { keys, last } of pagesOf(node, options, pace)) {
      const named = keys.filter(isMeant)
      const meant = selection.noTtl ? await onlyBare(client, named, pace) : named
      for (const group of groupsOf(meant, node)) {
        for (let at = 0; at < group.length;) {
          if (signal?.aborted) return result
          const batch = group.slice(at, at + throttle.size)
          await pace.run(() => purgeBatch(batch, batchOptions, result))
          at += batch.length
          onBatch(result)
          await throttle.rest(batch.length)
        }
      }
      through = last
    }
    result.complete = through && isWhole(result)
  } catch (thrown) {
    // A server that hung when the signal aborted was not waited for: that is no error of its own.
    if (!isGivenUp(thrown)) result.error = asReportError(thrown)
  }
  return result
}

/** Names that were kept, or what SCAN finds; ends early when the signal aborts. */
async function* pagesOf(
  { client }: ServerNode,
  { names, selection, signal }: PurgeNodeOptions,
  pace: Pace,
): AsyncGenerator<{ keys: Buffer[]; last: boolean }> {
  if (names === null || names.overflowed) {
    for await (const { keys, cursor } of scanPages(client, { match: selection.glob, pace, signal })) {
      yield { keys, last: cursor === '0' }
    }
    return
  }
  for (const keys of names.pages(PAGE)) {
    if (signal?.aborted) return
    yield { keys, last: false }
  }
  yield { keys: [], last: true }
}

/** In a cluster only keys of one slot can go together. */
function groupsOf(keys: Buffer[], { slots }: ServerNode): Iterable<Buffer[]> {
  if (slots === null) return [keys]
  const groups = new Map<number, Buffer[]>()
  for (const key of keys) {
    const slot = keySlot(key)
    const group = groups.get(slot)
    if (group) group.push(key)
    else groups.set(slot, [key])
  }
  return groups.values()
}
