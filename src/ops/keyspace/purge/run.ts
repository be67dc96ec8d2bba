import type { PurgeReport } from '../../report/purge-report.js'
import type { ProgressEvent } from '../every-second.js'
import type { Server } from '../server.js'
import { reportTarget } from '../target-report.js'
import { requireNotGrown, requireSameCounts, requireSamePlace, requireSameTarget } from './drift.js'
import { requireConfirmed, requireKinds, requireWritable } from './gates.js'
import { findUnfinished } from './find-unfinished.js'
import { Ledger } from './ledger.js'
import type { LedgerHeader } from './ledger-header.js'
import { makePlan, type Planned } from './make-plan.js'
import { writePlan } from './plan-file.js'
import type { PreparedPurge } from './prepare.js'
import { purge } from './purge.js'

export interface RunOptions {
  /** How much counts may differ from a plan's, as a share. */
  maxDrift: number
  signal?: AbortSignal | undefined
  onEvent?: ((event: ProgressEvent) => void) | undefined
  /** Something that the reader might not have meant. */
  onWarning?: ((text: string) => void) | undefined
  /** The first key is about to be touched. */
  onApply?: (() => void) | undefined
  /** Asks for the target's name; called only when somebody can be asked. */
  confirm(planned: PurgeReport): Promise<string>
}

/**
 * Counts, and then does what was asked for: nothing, a plan file, or the purge. A report without a `result` means that
 * nothing was changed.
 *
 * @throws SafetyError when the target or the counts are not those of the plan, when a glob reaches kinds of key that
 * were not named, or when the name was not given; EnvironmentError when the server cannot be asked or is a replica;
 * nothing was changed then
 */
export async function runPurge(
  server: Server,
  prepared: PreparedPurge,
  options: RunOptions,
): Promise<PurgeReport> {
  const { mode, selection, how, plan: reviewed, unfinished, commands, named, planTo, planFrom } = prepared
  const { catalogue, gentle } = prepared
  const { signal, onEvent } = options
  const target = reportTarget(server, named.url)
  if (mode === 'apply') requireWritable(server)
  if (reviewed) requireSameTarget(reviewed.target, target)
  if (unfinished) requireSamePlace('The purge', unfinished.target, target)
  const { plan, warnings, names } = await makePlan(server, {
    selection,
    method: how,
    catalogue,
    gentle,
    keepNames: mode === 'apply',
    signal,
    onEvent,
  })
  for (const text of warnings) options.onWarning?.(text)
  const before = unfinished ? null : await findUnfinished(prepared.ledgers, target, selection.asked)
  if (before !== null) {
    options.onWarning?.(
      `a purge of the same keys did not come to its end, or is still going on; it goes on with ${commands.resume(before)}`,
    )
  }
  const report: PurgeReport = {
    schema: 'cache.keys-purge/1',
    command: 'keys purge',
    verdict: plan.complete ? 'pass' : 'inconclusive',
    target,
    selection: selection.asked,
    method: how,
    keepsUndo: unfinished ? unfinished.undo : prepared.undo,
    mode,
    plan,
    result: null,
    apply: commands.apply(acrossOf(selection.asked.match, plan.kinds)),
    planFile: planFrom ?? null,
    ledger: null,
    undo: null,
    resume: null,
  }
  const broken = plan.nodes.find(({ error }) => error !== undefined)
  if (broken) report.error = broken.error!
  if (signal?.aborted) report.interrupted = true
  if (mode === 'dry-run' || !plan.complete) return report
  if (!unfinished)
    requireKinds(selection, plan, reviewed ? Object.keys(reviewed.plan.kinds) : prepared.across)
  if (mode === 'plan') {
    await writePlan(planTo!, { target, selection: selection.asked, method: how, plan })
    return { ...report, planFile: planTo!, apply: commands.applyPlan(planTo!) }
  }
  if (reviewed) requireSameCounts(reviewed.plan, plan, options.maxDrift)
  if (unfinished) requireNotGrown(unfinished.planned, plan, options.maxDrift)
  if (plan.keys === 0 && !unfinished) return report
  if (prepared.asks) {
    requireConfirmed(named.target, prepared.what, await options.confirm(report), report.apply)
  }
  return apply(server, prepared, { report, names }, options)
}

async function apply(
  server: Server,
  prepared: PreparedPurge,
  { report, names }: { report: PurgeReport; names: Planned['names'] },
  { signal, onEvent, onApply }: RunOptions,
): Promise<PurgeReport> {
  const { selection, how, commands, gentle, ledgers, resume, undo } = prepared
  const { target, plan } = report
  const { name, address, database, fingerprint, runId } = target
  const header: LedgerHeader = {
    target: { name, address, database, fingerprint, runId },
    selection: selection.asked,
    method: how,
    kinds: Object.keys(plan.kinds),
    planned: plan.keys,
    undo,
  }
  const ledger = resume === undefined ? await Ledger.begin(ledgers, header) : await Ledger.resume(resume)
  onApply?.()
  const { kinds } = ledger.header
  const purged = await purge(server, {
    selection,
    method: how,
    kinds,
    names,
    bytesPerKey: (plan.memoryBytes?.value ?? 0) / Math.max(1, plan.keys),
    expected: plan.keys,
    ledger,
    gentle,
    signal,
    onEvent,
  })
  const { result } = purged
  return {
    ...report,
    verdict: result.complete ? 'pass' : 'inconclusive',
    result,
    ledger: ledger.directory,
    undo: ledger.undo ? commands.restore(ledger.directory) : null,
    resume: commands.resume(ledger.directory),
    ...(purged.error && { error: purged.error }),
    ...(signal?.aborted && { interrupted: true as const }),
  }
}

/** A glob that reaches one kind needs no word about it. */
function acrossOf(match: string | null, kinds: Readonly<Record<string, number>>): string[] {
  const reached = Object.keys(kinds).sort()
  return match !== null && reached.length > 1 ? reached : []
}
