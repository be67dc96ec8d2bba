import type { Family } from '../../library/families/family.js'
import type { Verdict } from '../report/report.js'
import type { KeyFinding, KeysReport, Rule } from '../report/keys-report.js'
import { asReportError } from './as-report-error.js'
import { foreseeCost, requireAffordable, type CostEvent } from './cost.js'
import { formatCursor, parseCursor, type NodePosition } from './cursor.js'
import { databaseSizes } from './database-sizes.js'
import { everySecond, type ProgressEvent } from './every-second.js'
import type { Catalogue } from './families.js'
import { findInFamily, findOrphans } from './findings.js'
import { LargestKeys } from './largest-keys.js'
import { keyNaming } from './mask.js'
import { haveSlotsMoved } from './nodes.js'
import { Pass, type MeasuredKey } from './pass.js'
import { reportFamily } from './report-family.js'
import { reportNodes } from './report-nodes.js'
import type { NamedServer, Server } from './server.js'
import { reportTarget } from './target-report.js'

export interface InventoryOptions {
  catalogue: Catalogue
  /** Only this family. */
  family?: Family | null
  /** Only keys that this glob matches. */
  match?: string | null
  /** Only keys without a TTL. @default false */
  noTtl?: boolean
  /**
   * Keys measured per family; Infinity for all. @default all in a database of up to 50 000 keys, or when `failOn` depends
   * on it, else 1000; where commands are paid for, all of up to 1000 keys, else 100
   */
  perFamily?: number | undefined
  /** Decides which. @default 1 */
  seed?: number
  /** How many of the largest keys are named. @default 5 */
  top?: number
  /** Names the largest keys as they are, and not masked. @default false */
  showKeys?: boolean
  limit?: number | null
  /** Where an earlier pass was stopped. */
  cursor?: string | null
  failOn?: readonly Rule[]
  gentle?: boolean
  /** Refuses to begin where more commands than this would have to be paid for. @default 20 000 */
  maxCommands?: number | undefined
  signal?: AbortSignal | undefined
  onEvent?: ((event: ProgressEvent | CostEvent) => void) | undefined
  /** Every key that was measured, page by page; what it returns is waited for. */
  onMeasured?: ((keys: readonly MeasuredKey[]) => Promise<void> | void) | undefined
}

/**
 * What is in a database, by family: one non-blocking pass over every master that counts every key and measures a sample
 * of each family.
 *
 * Never rejects once the pass has begun: what broke it off is the report's `error`, beside what was seen until then;
 * an abort leaves a report whose `scan.complete` is false. Without `failOn` the verdict passes when the pass got through,
 * or to the `limit` that was asked for.
 *
 * @throws EnvironmentError when not even DBSIZE is answered, UsageError for a `cursor` that is not this server's,
 * SafetyError beyond `maxCommands`
 */
export async function inspectKeys(
  server: Server,
  named: NamedServer,
  options: InventoryOptions,
): Promise<KeysReport> {
  const { catalogue, family = null, match = null, noTtl = false, seed = 1, limit = null } = options
  const { failOn = [], gentle = false, cursor = null, signal, onEvent } = options
  const begun = performance.now()
  const positions = cursor === null ? fromTheBeginning(server) : parseCursor(cursor, server.nodes)
  const sizes = await databaseSizes(positions.map(({ node }) => node))
  const databaseKeys = [...sizes.values()].reduce((sum, keys) => sum + keys, 0)
  const perFamily = options.perFamily ?? defaultSample(databaseKeys, server, failOn)
  const foreseen = server.billing
    ? foreseeCost({ databaseKeys, perFamily, kinds: catalogue.families.length + 1, noTtl, gentle, limit })
    : null
  if (foreseen !== null) {
    requireAffordable(foreseen, options.maxCommands)
    onEvent?.({ type: 'cost', commands: foreseen })
  }
  const largest = new LargestKeys(options.top ?? 5)
  const pass = new Pass({
    positions,
    catalogue,
    family,
    match,
    noTtl,
    perFamily,
    seed,
    limit,
    gentle,
    signal,
    onProgress: everySecond((done, perSecond) =>
      onEvent?.({ type: 'progress', phase: 'scanning', done, of: databaseKeys, perSecond }),
    ),
    onMeasured: (keys) => {
      for (const key of keys) largest.add(key)
      return options.onMeasured?.(keys)
    },
  })
  await pass.run()
  const { slotsUnserved, unreachable } = server
  const slotsMoved = signal?.aborted ? false : await haveSlotsMoved(server)
  const complete = pass.complete && unreachable.length === 0 && slotsUnserved === 0 && !slotsMoved
  const error = pass.error ?? (unreachable[0] ? asReportError(unreachable[0].error) : null)
  const asked = family ? [family] : catalogue.families
  const findings = [
    ...asked.flatMap((each) => findInFamily(each, pass.keys.tallyOf(each), failOn)),
    ...findOrphans(pass.keys.orphans, failOn),
  ]
  return {
    schema: 'cache.keys/1',
    command: 'keys',
    verdict: error ? 'inconclusive' : verdictOf(findings, failOn, complete, stoppedBy(pass, signal)),
    ...(error && { error }),
    ...(signal?.aborted && { interrupted: true as const }),
    target: reportTarget(server, named.url),
    scan: {
      keysSeen: pass.keys.size,
      repeated: pass.keys.repeated,
      databaseKeys,
      complete,
      cursor: formatCursor(pass.nodes),
      from: cursor,
      durationMs: Math.round(performance.now() - begun),
      match,
      family: family?.id ?? null,
      noTtl,
      nodes: reportNodes(pass.nodes, unreachable, sizes),
      slotsUnserved,
      slotsMoved,
    },
    sample: { perFamily: Number.isFinite(perFamily) ? perFamily : 'all', seed, confidence: 0.95 },
    families: asked.map((each) => reportFamily(each, pass.keys.tallyOf(each), pass.keys.size)),
    orphans: {
      ...pass.keys.orphans.report(pass.keys.size),
      groups: pass.keys.orphanGroups.list().slice(0, 50),
    },
    largest: largest.list(keyNaming(catalogue, options.showKeys)),
    findings,
    failOn: [...failOn],
    cost: foreseen === null ? null : { foreseen, sent: server.billing!.commandsSent },
  }
}

function fromTheBeginning({ nodes }: Server): NodePosition[] {
  return nodes.map((node) => ({ node, cursor: '0', complete: false }))
}

/** Measuring 50 000 keys takes a second or two; a gate that looks at a sample only would be a lottery. */
function defaultSample(databaseKeys: number, { billing }: Server, failOn: readonly Rule[]): number {
  const [all, some] = billing ? [1000, 100] : [50_000, 1000]
  return databaseKeys <= all || failOn.some((rule) => rule !== 'orphans') ? Infinity : some
}

/** Why a pass ended early without being broken off. */
function stoppedBy(pass: Pass, signal: AbortSignal | undefined): 'signal' | 'limit' | null {
  if (signal?.aborted) return 'signal'
  return pass.complete ? null : 'limit'
}

/** What was asked for and found is a failure, also in half a pass; half a pass that found nothing proves nothing. */
function verdictOf(
  findings: readonly KeyFinding[],
  failOn: readonly Rule[],
  complete: boolean,
  stopped: 'signal' | 'limit' | null,
): Verdict {
  if (findings.some(({ fails }) => fails)) return 'fail'
  return complete || (failOn.length === 0 && stopped === 'limit') ? 'pass' : 'inconclusive'
}
