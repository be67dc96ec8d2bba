import { randomBytes } from 'node:crypto'
import { createOperatorClient } from '../../../library/backends/operator.js'
import { OperatorError } from '../../../library/backends/operator-error.js'
import { runExperiment } from '../../experiment/run.js'
import { KEY_PREFIX } from '../../experiment/keys.js'
import { openSharedSite, type SharedSite } from '../../experiment/shared-server/open-site.js'
import { moduleSubject } from '../../experiment/subjects/module/module-subject.js'
import { referenceTo } from '../../experiment/subjects/reference.js'
import type { Subject } from '../../experiment/subjects/subject.js'
import { pauseWrites } from '../../faults/pause-writes.js'
import { pause } from '../../faults/pause.js'
import type { OutageReport, SharedServerReport } from '../../report/drill-report.js'
import { EnvironmentError } from '../../report/errors.js'
import type { TargetReport } from '../../report/keys-report.js'
import { BUDGETS, budgetsFor } from '../budgets.js'
import { chooseSubject } from '../choose.js'
import { summaryOf } from '../conclusion.js'
import { withHistory } from '../history.js'
import { judge } from '../judge.js'
import type { OutageOptions } from '../simulate-outage.js'
import { createLookout } from '../../experiment/stop-conditions/lookout.js'
import { stoppedReport } from '../../experiment/stop-conditions/stopped-report.js'
import { DRILL_PHASES } from '../suites.js'
import { requireOwnKeys, requirePausable, requireShort } from './fitness.js'
import type { Others } from './others.js'

/** What `--server-fault` takes. */
export const SERVER_FAULTS = { pause, 'pause-writes': pauseWrites } as const
export type ServerFault = keyof typeof SERVER_FAULTS

/** It is others who wait behind this traffic. */
const RATE = 50
const ORDER_DEADLINE_MS = 3000

export interface ServerDrill extends Pick<
  OutageOptions,
  | 'subject'
  | 'module'
  | 'seed'
  | 'ratePerSecond'
  | 'beforeMs'
  | 'duringMs'
  | 'afterMs'
  | 'budgets'
  | 'abortIf'
  | 'history'
  | 'signal'
  | 'onEvent'
> {
  fault: ServerFault
  /** Credentials included. */
  url: string
  /** As it says itself, and confirmed: this engine asks nobody. */
  target: TargetReport
  others: Others
}

export interface ServerDrillPlan {
  subject: Subject
  beforeMs: number
  duringMs: number
  afterMs: number
}

/** What would be done, before anybody is asked. @throws UsageError for what makes no sense, or lasts too long */
export function planServerDrill(
  options: Pick<ServerDrill, 'subject' | 'module' | 'beforeMs' | 'duringMs' | 'afterMs'>,
): ServerDrillPlan {
  const subject = options.module ? moduleSubject(options.module) : chooseSubject(options.subject ?? 'library')
  const duringMs = options.duringMs ?? DRILL_PHASES.duringMs
  requireOwnKeys(subject)
  requireShort(duringMs)
  return {
    subject,
    beforeMs: options.beforeMs ?? DRILL_PHASES.beforeMs,
    duringMs,
    afterMs: options.afterMs ?? DRILL_PHASES.afterMs,
  }
}

/**
 * Lets all clients of a server wait that is not ours, once, and judges what callers of a subject saw that is among them.
 *
 * However it ends, clients are served again and the drill's keys are gone, or counted, when the promise settles. Should we be killed,
 * clients are served again within a fraction of a second, and keys go when their time to live is over.
 *
 * Rejects with SafetyError for a server that must not be paused, and with EnvironmentError when it cannot be reached, or refuses to be.
 */
export async function drillServer(options: ServerDrill): Promise<OutageReport> {
  const { target, others, seed, signal, onEvent } = options
  const { subject, ...plan } = planServerDrill(options)
  const fault = SERVER_FAULTS[options.fault]
  requirePausable(target, others, options.fault === 'pause' ? 'all' : 'writes')
  await requireRight(options.url, target)
  const ratePerSecond = options.ratePerSecond ?? RATE
  const budgets = budgetsFor(subject, fault, options.budgets)
  const abortIf = options.abortIf ?? []
  const prefix = `${KEY_PREFIX}-${randomBytes(8).toString('hex')}`

  onEvent?.({ type: 'drill', name: fault.name, index: 0, of: 1 })
  const site = await openSharedSite(options.url, prefix)
  let keys: SharedServerReport['keys'] | undefined
  try {
    const measurement = await runExperiment({
      fault,
      rig: site,
      subject: referenceTo(subject),
      seed,
      ratePerSecond,
      ...plan,
      arrivals: 'constant',
      graceMs: Math.max(BUDGETS.worstMs, options.budgets?.worst ?? 0),
      lookout: abortIf.length > 0 ? createLookout(abortIf) : undefined,
      signal,
      onPhase: (phase) => onEvent?.({ type: 'phase', name: fault.name, phase, takes: 'Redis' }),
    })
    keys = await removeKeys(site, prefix)
    const report = withHistory(judge(measurement, fault, budgets), measurement, options.history)
    onEvent?.({ type: 'judged', report })
    const isWhole = signal?.aborted !== true && measurement.stoppedBy === undefined
    const verdict = keys.left === 0 || report.verdict === 'fail' ? report.verdict : 'inconclusive'
    return {
      schema: 'cache.simulate-outage/1',
      command: 'simulate-outage',
      verdict: isWhole ? verdict : 'inconclusive',
      ...stoppedReport(measurement.stoppedBy),
      ...(signal?.aborted && { interrupted: true as const }),
      subject: subject.name,
      seed,
      ratePerSecond,
      plan,
      drills: [report],
      summary: summaryOf([report]),
      environment: { server: `Redis ${target.version ?? 'of a version that it does not say'}`, emulated: [] },
      sharedServer: { target, otherClients: others.clients, keys },
    }
  } finally {
    try {
      if (!keys) await removeKeys(site, prefix)
    } finally {
      await site.close()
    }
  }
}

async function removeKeys(site: SharedSite, prefix: string): Promise<SharedServerReport['keys']> {
  return { prefix, ...((await site.removeKeys()) ?? { removed: null, left: null }) }
}

/** Tries a pause of no length, of which nobody notices anything. @throws EnvironmentError */
async function requireRight(url: string, { name }: TargetReport): Promise<void> {
  const client = await createOperatorClient({ url, deadlineMs: ORDER_DEADLINE_MS })
  try {
    await client.send('CLIENT', 'PAUSE', 0, 'WRITE')
  } catch (error) {
    if (!(error instanceof OperatorError) || error.reply === null) throw error
    throw new EnvironmentError(
      'PAUSE_REFUSED',
      `${name} refuses CLIENT PAUSE: ${error.reply}.`,
      [
        'allow it to the user that is named: ACL SETUSER NAME +client|pause +client|unpause',
        'Redis before 6.2 cannot pause writes alone',
      ],
      { cause: error },
    )
  } finally {
    client.close()
  }
}
