import type { ProbeSet } from '../../config/probes/probe.js'
import { Stopped, type StopWatch } from '../stopping.js'
import { spokenByApp, type AppSpec } from './app.js'
import type { Exchange } from './exchange.js'
import type { Values } from './fill.js'
import { launchApp, orItsEnd, type RunningApp } from './launch.js'
import type { AppPlan } from './plan.js'
import type { ProbeSecrets } from './probe-secrets.js'
import { checkPortFree, readyUrl, untilReady } from './ready.js'
import { findRedisVariables } from './redis-variables.js'
import type { AppSite, AppSource } from './site.js'
import { neverCame } from './steady.js'
import { warmUpApp } from './warm-up.js'

/** What an app is given in order to be let in, and has no reason to print. */
const CREDENTIALS = ['UPSTASH_REDIS_REST_TOKEN', 'SUPABASE_SERVICE_ROLE_KEY']

export interface StartedApp {
  /** For its caller to end. */
  app: RunningApp
  /** Where it has one that is ours to take away. */
  source: AppSource | undefined
  /** Why nothing that happens at the door can reach it, in one sentence; null: it can. */
  unused(): string | null
}

interface Where {
  site: AppSite
  secrets: ProbeSecrets
  signal?: AbortSignal | undefined
}

/**
 * Starts the app with the addresses of its services replaced by those of the site's doors.
 *
 * @throws Stopped when it is interrupted · UsageError `COMMAND_NOT_FOUND` · EnvironmentError `PORT_TAKEN`; the app does not run then
 */
export async function startApp(spec: AppSpec, { site, secrets, signal }: Where): Promise<StartedApp> {
  await checkPortFree(readyUrl(spec.readyUrl))
  const source = spokenByApp(spec).source ? await openSource(site, signal) : undefined
  const { env, rewritten } = site.environmentFor(spec)
  for (const name of CREDENTIALS) secrets.add(env[name] ?? '', 'token')
  const app = await launchApp(spec, env, site.watchdog, secrets)
  const unused = () => {
    if (site.door.counts().connectionsAccepted > 0) return null
    const found = findRedisVariables(spec.command, process.cwd())
    return neverCame(rewritten, found, site.door.protocol === 'rest' ? 'Upstash' : 'Redis')
  }
  return { app, source, unused }
}

interface Asking {
  app: RunningApp
  exchange: Exchange
  watch: StopWatch
  declared: Pick<ProbeSet, 'setup' | 'probes' | 'read' | 'write'>
  plan: Pick<AppPlan, 'workload' | 'revoked'>
  secrets: ProbeSecrets
}

/**
 * Waits until the app is ready, and asks everything once.
 *
 * @returns what the set-up has captured
 * @throws Stopped when it never is, or anything is not answered as expected
 */
export async function untilWarm(
  spec: Pick<AppSpec, 'readyUrl' | 'readyWithinMs'>,
  { app, exchange, watch, declared, plan, secrets }: Asking,
): Promise<Values> {
  const over = new AbortController()
  try {
    const ready = untilReady(spec, readyUrl(spec.readyUrl), { exchange, app, signal: over.signal })
    await watch.during(ready)
    return await watch.during(orItsEnd(app, warmUpApp(declared, plan, exchange, secrets.add)))
  } finally {
    over.abort()
  }
}

async function openSource(site: AppSite, signal: AbortSignal | undefined): Promise<AppSource> {
  try {
    return await site.openSource()
  } catch (error) {
    if (signal?.aborted) throw new Stopped('interrupted', 'the drill was interrupted')
    throw error
  }
}
