import type { AppSpec } from '../experiment/app/app.js'
import { openOwnSite } from '../experiment/app/own-servers/open-own-site.js'
import { runAppDrill, type AppDrillOptions } from '../experiment/app/run-app.js'
import { embeddedSite, type AppSite } from '../experiment/app/site.js'
import type { Measurement } from '../experiment/measurement.js'
import { openRig } from '../experiment/rig.js'
import { runExperiment } from '../experiment/run.js'
import { referenceTo } from '../experiment/subjects/reference.js'
import type { Subject } from '../experiment/subjects/subject.js'
import type { Compound } from '../faults/compound.js'
import type { Fault } from '../faults/fault.js'
import type { OutageReport } from '../report/drill-report.js'

interface Cast {
  fault: Fault | Compound
  subject: Subject
  /** In place of a subject that is made. */
  app: AppSpec | undefined
  /** Decides the traffic of a subject. */
  seed: number
  signal: AbortSignal | undefined
}

/** The servers and doors of one drill. */
export interface Stage {
  play(options: Omit<AppDrillOptions, 'app' | 'site'>): Promise<Measurement>
  /** What there is by now. */
  environment(): OutageReport['environment']
  close(): Promise<void>
}

/** Errors: those of `openRig` and of the doors; nothing is left running then. */
export async function openStage({ fault, subject, app, seed, signal }: Cast): Promise<Stage> {
  if (app?.own) {
    const site = await openOwnSite(app, app.own)
    return { ...stageOfApp(app, site, namesOf(app.own)), close: () => site.close() }
  }
  const rig = await openRig({ protocol: subject.protocol, needs: fault.needs, signal })
  const close = () => rig.close()
  if (app) return { ...stageOfApp(app, embeddedSite(rig), rig.server.version), close }
  return {
    play: (options) =>
      runExperiment({
        ...options,
        rig,
        subject: referenceTo(subject),
        seed,
        arrivals: 'constant',
      }),
    environment: () => ({ server: rig.server.version, emulated: [...rig.emulated] }),
    close,
  }
}

function stageOfApp(app: AppSpec, site: AppSite, server: string): Omit<Stage, 'close'> {
  return {
    play: (options) => runAppDrill({ ...options, app, site }),
    environment: () => ({ server, emulated: [...site.emulated] }),
  }
}

const SERVICES = { redis: 'Redis', upstash: 'Upstash', supabase: 'Supabase' } as const

/** `the app's own Redis and Supabase`. */
function namesOf(servers: NonNullable<AppSpec['own']>): string {
  const names = servers.filter(({ hasDoor }) => hasDoor).map(({ service }) => SERVICES[service])
  return `the app's own ${names.join(' and ')}`
}
