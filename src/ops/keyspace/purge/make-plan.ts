import type { MethodReport, PurgePlan } from '../../report/purge-report.js'
import { asReportError } from '../as-report-error.js'
import { databaseSizes } from '../database-sizes.js'
import { everySecond, type ProgressEvent } from '../every-second.js'
import type { Catalogue } from '../families.js'
import type { Server } from '../server.js'
import { countNode, type NodeCount } from './count.js'
import { effectOf } from './effect.js'
import type { PackedKeys } from './packed-keys.js'
import type { Selection } from './selection.js'
import { SizeSample } from './size-sample.js'

export interface PlanOptions {
  selection: Selection
  method: MethodReport
  catalogue: Catalogue
  gentle: boolean
  /** Whether the keys are to be taken away next, by their names. */
  keepNames: boolean
  signal?: AbortSignal | undefined
  onEvent?: ((event: ProgressEvent) => void) | undefined
}

export interface Planned {
  plan: PurgePlan
  /** What somebody might not have meant. */
  warnings: string[]
  /** What was counted, by the address of its node; empty where it was not to be kept. */
  names: ReadonlyMap<string, PackedKeys>
}

/**
 * What a purge would take away, node by node; changes nothing. A plan that is not `complete` says of each node why.
 *
 * @throws EnvironmentError when no node can be asked
 */
export async function makePlan(server: Server, options: PlanOptions): Promise<Planned> {
  const { selection, method, catalogue, gentle, keepNames, signal, onEvent } = options
  const begun = performance.now()
  const sample = new SizeSample(catalogue)
  const sizes = await databaseSizes(server.nodes)
  const databaseKeys = [...sizes.values()].reduce((sum, keys) => sum + keys, 0)
  const progress = everySecond((done, perSecond) =>
    onEvent?.({ type: 'progress', phase: 'counting', done, of: databaseKeys, perSecond }),
  )
  let looked = 0
  const onPage = (keys: number) => progress(Math.min(databaseKeys, (looked += keys)))
  const counted = await Promise.all(
    server.nodes.map((node) => countNode(node, { selection, gentle, keepNames, signal, sample, onPage })),
  )
  const kinds = kindsOf(counted)
  const nodes = [
    ...counted.map(({ kinds: _kinds, lookAlikes: _lookAlikes, names: _names, ...node }) => node),
    ...server.unreachable.map(({ address, error }) => ({
      address,
      keys: 0,
      complete: false,
      error: asReportError(error),
    })),
  ]
  const effect = effectOf(kinds, method, catalogue.families)
  const plan: PurgePlan = {
    keys: sample.keys,
    kinds,
    nodes,
    memoryBytes: sample.memoryBytes,
    examples: sample.examples,
    lookAlikes: counted.reduce((sum, { lookAlikes }) => sum + lookAlikes, 0),
    complete: server.slotsUnserved === 0 && nodes.every(({ complete }) => complete),
    durationMs: Math.round(performance.now() - begun),
    effect: effect.text,
    extraReadsPerSecond: effect.extraReadsPerSecond,
  }
  const names = new Map(counted.flatMap(({ address, names }) => (names ? [[address, names]] : [])))
  return { plan, warnings: effect.warnings, names }
}

function kindsOf(counted: readonly NodeCount[]): Record<string, number> {
  const kinds = new Map<string, number>()
  for (const node of counted) {
    for (const [kind, keys] of node.kinds) kinds.set(kind, (kinds.get(kind) ?? 0) + keys)
  }
  return Object.fromEntries(kinds)
}
