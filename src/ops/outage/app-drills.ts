import { appName, spokenByApp, type AppSpec } from '../experiment/app/app.js'
import type { GuardedServer } from '../experiment/app/own-servers/guarded-server.js'
import { variablesOf } from '../experiment/app/environment.js'
import { probeName } from '../config/probes/probe.js'
import { readyUrl } from '../experiment/app/ready.js'
import type { Subject } from '../experiment/subjects/subject.js'
import { isMetByAll, type Fault } from '../faults/fault.js'
import type { AppPlanReport, Phases } from '../report/drill-report.js'
import { UsageError } from '../report/errors.js'

/** Long enough that each has the answers that p99 needs. */
export const APP_PHASES: Readonly<Phases> = { beforeMs: 5000, duringMs: 6000, afterMs: 6000 }
/** Requests per second, unless it is told otherwise. */
export const APP_RATE = 20

/** An app, as far as it is a subject like another. It is never made in a host. */
export function subjectOfApp(spec: AppSpec): Subject {
  return {
    name: appName(spec),
    summary: 'an app that was started for the drill',
    ...spokenByApp(spec),
    create: () => Promise.reject(new Error('an app is started, not created')),
  }
}

/** @throws UsageError when what is asked of the app, or done to it, makes no sense; before anything is started */
export function checkApp(
  { readyUrl: ready, probes, declared, own }: AppSpec,
  drills: readonly Fault[],
): void {
  readyUrl(ready)
  if (probes.length === 0 && !declared?.read) {
    throw new UsageError('NO_PROBE', 'There is nothing that the app is to be asked.', [
      "--probe 'GET /api/session expect 200', or a file with --probes",
    ])
  }
  const unfit = drills.find((each) => !canHappenToApp(each, { own }))
  if (!unfit) return
  const isHarm = isMetByAll(unfit) || unfit.altersData
  throw new UsageError(
    'DOES_NOT_FIT',
    own && isHarm
      ? `The drill ${unfit.name} harms the server itself, and these servers are not the drill's own.`
      : `The drill ${unfit.name} changes how a client is made, which cannot be done to an app from outside.`,
    [
      own && isHarm
        ? 'without --own-servers, for that drill'
        : '--subject library, or --module, for that drill',
    ],
  )
}

/** Whether a fault asks nothing of how the app makes its client, and nothing of a server that is the app's own. */
export function canHappenToApp(
  fault: Pick<Fault, 'needs' | 'altersData'>,
  { own }: Pick<AppSpec, 'own'>,
): boolean {
  if (own) return fault.needs === undefined && !fault.altersData
  return fault.needs === undefined || fault.needs === 'password' || isMetByAll(fault)
}

export function appPlanReport(spec: AppSpec): AppPlanReport {
  const { probes, declared = {}, own } = spec
  const { read, write, revoke, limit } = declared
  const more = Object.entries({ read, write, revoke, limit }).flatMap(([what, probe]) =>
    probe ? [`${probeName(probe)} (${what})`] : [],
  )
  return {
    command: appName(spec),
    ready: readyUrl(spec.readyUrl).href,
    probes: [...probes.map(probeName), ...more],
    variables: variablesOf(spec),
    ...(own && { ownServers: { servers: own.map(shownServer), written: [] } }),
  }
}

/** Nothing in it is secret. */
function shownServer({ service, variables, name, host, port, production, hasDoor }: GuardedServer) {
  return { service, variables: [...variables], name, host, port, production, hasDoor }
}
