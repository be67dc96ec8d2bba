import type { ProbeSet } from '../../config/probes/probe.js'
import { isMetByAll, type Fault } from '../../faults/fault.js'
import { UsageError } from '../../report/errors.js'
import type { Subject } from '../subjects/subject.js'
import { appName, spokenByApp, type AppSpec } from './app.js'
import { readyUrl } from './ready.js'

/** An app, as far as it is a subject like another. It is never made in a host. */
export function subjectOfApp(spec: AppSpec): Subject {
  return {
    name: appName(spec),
    summary: 'an app that was started for the drill',
    ...spokenByApp(spec),
    create: () => Promise.reject(new Error('an app is started, not created')),
  }
}

/**
 * @param flag that named the faults
 * @throws UsageError when what is asked of the app, or done to it, makes no sense; before anything is started
 */
export function checkApp(
  { readyUrl: ready, probes, declared = {}, own }: AppSpec,
  drills: readonly Fault[],
  flag: 'drill' | 'fault' = 'drill',
): void {
  readyUrl(ready)
  requireProbe({ ...declared, probes })
  const unfit = drills.find((each) => !canHappenToApp(each, { own }))
  if (!unfit) return
  const isHarm = isMetByAll(unfit) || unfit.altersData
  throw new UsageError(
    'DOES_NOT_FIT',
    own && isHarm
      ? `The ${flag} ${unfit.name} harms the server itself, and these servers are not the drill's own.`
      : `The ${flag} ${unfit.name} changes how a client is made, which cannot be done to an app from outside.`,
    [
      own && isHarm
        ? 'without --own-servers, for that ' + flag
        : '--subject library, or --module, for that ' + flag,
    ],
  )
}

/** @throws UsageError `NO_PROBE` when there is nothing to ask */
export function requireProbe({ probes, read }: Pick<ProbeSet, 'probes' | 'read'>): void {
  if (probes.length > 0 || read) return
  throw new UsageError('NO_PROBE', 'There is nothing that the app is to be asked.', [
    "--probe 'GET /api/session expect 200', or a file with --probes",
  ])
}

/** Whether a fault asks nothing of how the app makes its client, and nothing of a server that is the app's own. */
export function canHappenToApp(
  fault: Pick<Fault, 'needs' | 'altersData'>,
  { own }: Pick<AppSpec, 'own'>,
): boolean {
  if (own) return fault.needs === undefined && !fault.altersData
  return fault.needs === undefined || fault.needs === 'password' || isMetByAll(fault)
}
