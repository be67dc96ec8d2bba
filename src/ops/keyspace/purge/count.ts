import type { NodePlan } from '../../report/purge-report.js'
import { asReportError, isGivenUp } from '../as-report-error.js'
import type { ServerNode } from '../nodes.js'
import { onlyBare } from '../only-bare.js'
import { createPace } from '../pace.js'
import { scanPages } from '../scan.js'
import { SeenKeys } from '../seen-keys.js'
import { PackedKeys } from './packed-keys.js'
import type { Selection } from './selection.js'
import type { SizeSample } from './size-sample.js'

export interface CountOptions {
  selection: Selection
  gentle: boolean
  /** Whether the names are wanted; in memory they are most of it. */
  keepNames: boolean
  signal?: AbortSignal | undefined
  /** Takes a sample of what is counted, over all nodes. */
  sample: SizeSample
  /** About so many keys of the database have been looked at. */
  onPage(keys: number): void
}

export interface NodeCount extends NodePlan {
  kinds: Map<string, number>
  lookAlikes: number
  /** Null where they are not wanted. */
  names: PackedKeys | null
}

/**
 * Counts the keys of a selection that one node holds; changes nothing. Never rejects: what broke it off is `error`,
 * beside what was counted until then.
 */
export async function countNode({ address, client }: ServerNode, options: CountOptions): Promise<NodeCount> {
  const { selection, gentle, keepNames, signal, sample, onPage } = options
  const pace = createPace({ gentle, signal })
  const count: NodeCount = {
    address,
    keys: 0,
    complete: false,
    kinds: new Map(),
    lookAlikes: 0,
    names: keepNames ? new PackedKeys() : null,
  }
  const seen = new SeenKeys()
  try {
    for await (const { keys, cursor } of scanPages(client, { match: selection.glob, pace, signal })) {
      const fresh = keys.filter((key) => seen.add(key))
      const kinds = new Map<Buffer, string>()
      for (const key of fresh) {
        const kind = selection.kindOf(key)
        if (kind !== null) kinds.set(key, kind)
      }
      const named = [...kinds.keys()]
      const meant = selection.noTtl ? await onlyBare(client, named, pace) : named
      count.lookAlikes += fresh.length - meant.length
      count.keys += meant.length
      for (const key of meant) {
        const kind = kinds.get(key)!
        count.kinds.set(kind, (count.kinds.get(kind) ?? 0) + 1)
        count.names?.add(key)
      }
      await sample.add(client, meant, pace)
      onPage(pace.count)
      count.complete = cursor === '0'
    }
  } catch (thrown) {
    if (!isGivenUp(thrown)) count.error = asReportError(thrown)
  }
  return count
}
