import { appName, type AppSpec } from '../experiment/app/app.js'
import type { GuardedServer } from '../experiment/app/own-servers/guarded-server.js'
import { variablesOf } from '../experiment/app/environment.js'
import { probeName } from '../config/probes/probe.js'
import { readyUrl } from '../experiment/app/ready.js'
import type { AppPlanReport, Phases } from '../report/drill-report.js'

/** Long enough that each has the answers that p99 needs. */
export const APP_PHASES: Readonly<Phases> = { beforeMs: 5000, duringMs: 6000, afterMs: 6000 }
/** Requests per second, unless it is told otherwise. */
export const APP_RATE = 20

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
