import { requireProbe } from '../experiment/app/as-subject.js'
import { runRunningAppDrill } from '../experiment/app/run-running-app.js'
import type { ProxyClient } from '../experiment/remote/proxy-client.js'
import { requireKnown } from '../experiment/remote/require-known.js'
import { urlOfApp } from '../experiment/app/url-of-app.js'
import { probeName, type ProbeSet } from '../config/probes/probe.js'
import type { DrillReport, OutageReport } from '../report/drill-report.js'
import type { Proxied } from '../report/proxy-report.js'
import { APP_PHASES, APP_RATE } from './app-drills.js'
import { appBudgets, BUDGETS } from './budgets.js'
import { chooseDrills } from './choose.js'
import { summaryOf, worstOf } from './conclusion.js'
import { withHistory } from './history.js'
import { judge } from './judge.js'
import type { OutageOptions } from './options.js'
import { createLookout } from '../experiment/stop-conditions/lookout.js'
import { checkConditions, stoppedReport } from '../experiment/stop-conditions/stopped-report.js'
import { suites } from './suites.js'

export interface RunningAppDrills extends Pick<
  OutageOptions,
  | 'drills'
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
  /** Where the app answers; on loopback, in plain HTTP. */
  url: string
  declared: ProbeSet
  /** In front of what is taken away from it. */
  proxy: ProxyClient
}

/** Of the suites, what a door alone can do. */
const USUAL_DRILLS: Readonly<Record<Proxied, readonly string[]>> = {
  redis: suites.smoke.parts[0]!.drills,
  upstash: suites.upstash.parts[0]!.drills,
  supabase: ['supabase-down', 'supabase-slow', 'supabase-5xx'],
}
const NAMES: Readonly<Record<Proxied, string>> = { redis: 'Redis', upstash: 'Upstash', supabase: 'Supabase' }

/**
 * Drills an app that runs already, behind a `cache proxy`: asks it what is declared, and takes its server away through the proxy, once
 * for each drill.
 *
 * Rejects with SafetyError for a URL that is not on loopback, with UsageError for a drill that the proxy cannot do or where nothing is
 * to be asked, and with EnvironmentError when the proxy is away, or somebody else's fault is on.
 */
export async function drillRunningApp(options: RunningAppDrills): Promise<OutageReport> {
  const { declared, proxy, budgets: promised, signal, onEvent } = options
  const url = urlOfApp(options.url)
  requireProbe(declared)
  const { to, faults: known } = await proxy.status()
  const chosen = chooseDrills(options.drills ?? USUAL_DRILLS[to])
  requireKnown(chosen, known, 'drill')
  const plan = {
    beforeMs: options.beforeMs ?? APP_PHASES.beforeMs,
    duringMs: options.duringMs ?? APP_PHASES.duringMs,
    afterMs: options.afterMs ?? APP_PHASES.afterMs,
  }
  const ratePerSecond = options.ratePerSecond ?? APP_RATE
  const abortIf = options.abortIf ?? []
  checkConditions(abortIf, 'running app')
  const takes = to === 'supabase' ? 'Supabase' : 'Redis'
  const drills: DrillReport[] = []
  let stoppedBy: string | undefined

  for (const [index, fault] of chosen.entries()) {
    if (signal?.aborted || stoppedBy !== undefined) break
    onEvent?.({ type: 'drill', name: fault.name, index, of: chosen.length })
    const budgets = appBudgets({}, fault, promised)
    const measurement = await runRunningAppDrill({
      fault,
      url,
      name: url.host,
      declared,
      proxy,
      ratePerSecond,
      ...plan,
      graceMs: Math.max(BUDGETS.worstMs, promised?.worst ?? 0),
      recoverMs: budgets.recoverMs,
      lookout: abortIf.length > 0 ? createLookout(abortIf) : undefined,
      signal,
      onPhase: (phase) => onEvent?.({ type: 'phase', name: fault.name, phase, takes }),
    })
    stoppedBy = measurement.stoppedBy
    const shown = { ...measurement, ...(to === 'upstash' && { overRest: true as const }) }
    const report = withHistory(judge(shown, fault, budgets), shown, options.history)
    drills.push(report)
    onEvent?.({ type: 'judged', report })
  }

  const interrupted = signal?.aborted === true
  return {
    schema: 'cache.simulate-outage/1',
    command: 'simulate-outage',
    verdict: interrupted || stoppedBy !== undefined ? 'inconclusive' : worstOf(drills),
    ...stoppedReport(stoppedBy),
    ...(interrupted && { interrupted: true as const }),
    subject: url.host,
    seed: 0,
    ratePerSecond,
    plan,
    drills,
    summary: summaryOf(drills),
    environment: { server: `the app's own ${NAMES[to]}, behind cache proxy`, emulated: [] },
    app: {
      command: url.host,
      ready: url.origin,
      probes: probesOf(declared),
      variables: [],
      isRunning: true,
    },
  }
}

function probesOf({ probes, read, write, revoke, limit }: ProbeSet): string[] {
  const more = Object.entries({ read, write, revoke, limit }).flatMap(([what, probe]) =>
    probe ? [`${probeName(probe)} (${what})`] : [],
  )
  return [...probes.map(probeName), ...more]
}
