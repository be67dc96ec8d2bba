import type { MethodReport, NodeResult, PurgeResult } from '../../report/purge-report.js'
import type { ReportError } from '../../report/report.js'
import { asReportError } from '../as-report-error.js'
import { everySecond, type ProgressEvent } from '../every-second.js'
import type { ServerNode } from '../nodes.js'
import type { Server } from '../server.js'
import { addCounts, noCounts } from './counts.js'
import type { Ledger } from './ledger.js'
import type { PackedKeys } from './packed-keys.js'
import { percentile } from './percentile.js'
import { purgeNode } from './purge-node.js'
import type { Selection } from './selection.js'
import { idleRoundTrip, Throttle } from './throttle.js'

export interface PurgeOptions {
  selection: Selection
  method: MethodReport
  /** Keys of other kinds are left, whatever the glob matches. */
  kinds: readonly string[]
  /** What was counted, by the address of its node; keys that came since are left, where all names could be kept. */
  names: ReadonlyMap<string, PackedKeys>
  /** What a key holds, about. @default 0 */
  bytesPerKey?: number
  /** How many keys were counted; for progress only. */
  expected: number
  ledger: Ledger
  gentle: boolean
  /** Stops after the batch that is under way; one that the server does not answer soon is `unknown`. */
  signal?: AbortSignal | undefined
  onEvent?: ((event: ProgressEvent) => void) | undefined
}

/**
 * Takes the keys away on every node side by side, and no others: each one is checked by its name and goes by its exact
 * bytes. Tombstones stay, so that an invalidation of this moment is not undone by a value computed before it. With an
 * undo file, what stood under a key is on the disk before the key goes.
 *
 * Never rejects: what went wrong is `error`, and that of each node, beside what was done until then.
 */
export async function purge(
  server: Server,
  options: PurgeOptions,
): Promise<{ result: PurgeResult; error: ReportError | null }> {
  const { ledger, expected, onEvent } = options
  const begun = performance.now()
  const progress = everySecond((done, perSecond) => {
    const phase = options.method.kind === 'fade' ? 'fading' : 'deleting'
    onEvent?.({ type: 'progress', phase, done, of: expected, perSecond })
  })
  const states = new Map<string, NodeResult>()
  const throttles: Throttle[] = []
  const reached = await Promise.all(
    server.nodes.map((node) =>
      purgeOne(node, server.nodes.length, { ...options, states, throttles, onBatch: progress }),
    ),
  )
  const nodes = [...reached, ...server.unreachable.map(({ address, error }) => nothingDone(address, error))]
  const times = throttles.flatMap(({ roundTrips }) => roundTrips)
  const idle = Math.max(0, ...throttles.map(({ idleMs }) => idleMs))
  const result: PurgeResult = {
    ...addCounts(nodes),
    complete: server.slotsUnserved === 0 && nodes.every(({ complete }) => complete),
    durationMs: Math.round(performance.now() - begun),
    roundTripMs:
      times.length === 0 ? null : { p50: percentile(times, 0.5), p99: percentile(times, 0.99), idle },
    restedMs: Math.round(throttles.reduce((sum, { restedMs }) => sum + restedMs, 0)),
    nodes,
  }
  let error = nodes.find((node) => node.error !== undefined)?.error ?? null
  try {
    await ledger.end(result)
  } catch (thrown) {
    error ??= asReportError(thrown)
  }
  return { result, error }
}

interface OneOptions extends PurgeOptions {
  states: Map<string, NodeResult>
  throttles: Throttle[]
  onBatch(done: number): void
}

async function purgeOne(node: ServerNode, among: number, options: OneOptions): Promise<NodeResult> {
  const { method, ledger, kinds, selection, gentle, signal, states, throttles, onBatch } = options
  const bytesPerKey = ledger.undo ? (options.bytesPerKey ?? 0) : 0
  let idleMs: number
  try {
    idleMs = await idleRoundTrip(node.client)
  } catch (thrown) {
    return nothingDone(node.address, thrown)
  }
  const maxRate = method.maxRate === null ? null : method.maxRate / among
  const throttle = new Throttle({ maxRate, idleMs, bytesPerKey, signal })
  throttles.push(throttle)
  return purgeNode(node, {
    selection,
    names: options.names.get(node.address) ?? null,
    kinds: new Set(kinds),
    method: method.overMs === null ? { kind: 'unlink' } : { kind: 'fade', overMs: method.overMs },
    undo: ledger.undo,
    throttle,
    random: Math.random,
    gentle,
    signal,
    onBatch(result) {
      states.set(node.address, result)
      const { deleted, faded } = addCounts([...states.values()])
      onBatch(deleted + faded)
    },
  })
}

function nothingDone(address: string, error: unknown): NodeResult {
  return { address, ...noCounts(), complete: false, error: asReportError(error) }
}
