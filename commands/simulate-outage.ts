import { Flags, type Config } from '@oclif/core'
import { appFlags, appOf, splitCommand } from '../src/cli/app-flags.js'
import { chosenIn, narrowingFlags } from '../src/cli/narrowing-flags.js'
import { runningAppOf, runningFlags } from '../src/cli/running-flags.js'
import { requireNoApp, serverFaultFlags } from '../src/cli/server-fault-flags.js'
import { BaseCommand, type Context, type Outcome } from '../src/cli/base-command.js'
import { globalFlagsFor } from '../src/cli/global-flags.js'
import { requireListFormat } from '../src/cli/list-formats.js'
import { drillFlags } from '../src/cli/drill-flags.js'
import { keepRun } from '../src/cli/keep-run.js'
import { recordFlag } from '../src/cli/record-flag.js'
import { checkSize } from '../src/cli/drill-size.js'
import { beginRun } from '../src/cli/page-of-run.js'
import { subjectFlags } from '../src/cli/subject-flags.js'
import { drillsAndSubjects } from '../src/cli/views/drills-and-subjects.js'
import { ask, canAsk } from '../src/cli/views/keys-confirm.js'
import { describeEvent } from '../src/cli/views/outage-progress.js'
import { outageOutcome } from '../src/cli/views/run-outcome.js'
import type { Settings } from '../src/ops/config/schema.js'
import type { AppSpec } from '../src/ops/experiment/app/app.js'
import { requireDrillsAllowed } from '../src/ops/config/drills-allowed.js'
import type { ConfirmedDrill } from '../src/ops/outage/server-drill/confirmed-drill.js'
import type { OutageEvent } from '../src/ops/outage/simulate-outage.js'
import type { OutageReport } from '../src/ops/report/drill-report.js'

export default class SimulateOutage extends BaseCommand<typeof SimulateOutage> {
  static override summary = 'Take Redis away, for real, in several ways: does anybody notice?'
  static override description =
    'Each drill runs a cache under steady traffic in front of a source of truth, takes its Redis away, gives it back, ' +
    'and judges what callers saw against the contract: errors, answers, waiting, recovery, staleness, visibility. ' +
    'Redis is a real server of our own on loopback, and gone afterwards; no other server is touched, unless an app is drilled with ' +
    '--own-servers, which wants --confirm NAME for any that counts as production, or with --server-fault, which wants it for all.\n\n' +
    'Exit code 0: every drill passed. 1: a promise was broken. 3: it could not be told. 4: ended by --abort-if; or refused, as ' +
    'CACHE_DRILLS_DISABLED is set, which forbids drills and load tests on a machine, or as nobody has confirmed --server-fault.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --subject naive-ioredis6',
    '<%= config.bin %> <%= command.id %> --drill stall --during 30s --json',
    '<%= config.bin %> <%= command.id %> --suite upstash',
    '<%= config.bin %> <%= command.id %> --suite security',
    '<%= config.bin %> <%= command.id %> --scenario examples/scenarios/database-slow.yaml',
    '<%= config.bin %> <%= command.id %> --module ./dist/cache.js#createCache',
    "<%= config.bin %> <%= command.id %> --ready http://localhost:3000/health --probe 'GET /api/session expect 200' -- node dist/server.js",
    "<%= config.bin %> <%= command.id %> --own-servers --env staging --probe 'GET /api/session' --ready http://localhost:3000/health -- node dist/server.js",
    '<%= config.bin %> <%= command.id %> --server-fault pause-writes --during 10s --confirm staging',
    '<%= config.bin %> <%= command.id %> --list',
  ]
  static override usage = ['<%= command.id %> [flags]', '<%= command.id %> [flags] -- COMMAND [ARG...]']
  static override baseFlags = globalFlagsFor(['text', 'json', 'junit', 'markdown', 'github', 'html'])
  static override flags = {
    ...drillFlags,
    ...subjectFlags,
    ...narrowingFlags,
    ...appFlags,
    ...runningFlags,
    ...serverFaultFlags,
    ...recordFlag,
    list: Flags.boolean({ summary: 'List the drills and the subjects, and run nothing.' }),
  }

  /** What stands behind `--`, which is not ours to understand. */
  readonly #command: readonly string[] | undefined

  constructor(argv: string[], config: Config) {
    const [own, command] = splitCommand(argv)
    super(own, config)
    this.#command = command
  }

  protected override undoes: string = 'lifting the fault and stopping the servers'

  protected async execute(context: Context<typeof SimulateOutage>): Promise<Outcome> {
    const { flags, signal, progress } = context
    const { simulateOutage } = await import('../src/ops/outage/simulate-outage.js')
    const { moduleInFlags } = await import('../src/ops/experiment/subjects/module/module-in-flags.js')
    const { subjects } = await import('../src/ops/experiment/subjects/index.js')
    const { faults } = await import('../src/ops/faults/index.js')
    const { parseStopCondition } = await import('../src/ops/experiment/stop-conditions/parse.js')
    const { keySetOf } = await import('../src/ops/keyspace/key-set-of.js')
    if (flags.list) {
      requireListFormat('simulate-outage', flags)
      return drillsAndSubjects(faults, subjects)
    }

    requireDrillsAllowed('run drills', process.env)
    const origin = beginRun(this.config.version)
    const { readScenario } = await import('../src/ops/config/scenario.js')
    const scenario = flags.scenario === undefined ? undefined : await readScenario(flags.scenario)
    const { loadConfig } = await import('../src/ops/config/load.js')
    const inMs = (ms: number | undefined) => (ms === undefined ? undefined : `${ms}ms`)
    const config = await loadConfig({
      flags: {
        'outage.subject': flags.subject ?? scenario?.subject,
        'outage.seed': flags.seed ?? scenario?.seed,
        'outage.rate': flags.rate ?? scenario?.rate,
        'outage.before': inMs(flags.before ?? scenario?.before),
        'outage.during': inMs(flags.during),
        'outage.after': inMs(flags.after ?? scenario?.after),
      },
    })
    const { settings, origins } = config
    const { subject, seed, rate, before, during, after } = settings.outage
    checkSize({
      ratePerSecond:
        (this.#command ?? flags.url) !== undefined && origins['outage.rate'] === 'default' ? 20 : rate,
      beforeMs: before,
      duringMs: during,
      afterMs: after,
    })
    // What nobody has set is for the suite and the subject to say.
    const set = (name: 'before' | 'during' | 'after' | 'rate') =>
      origins[`outage.${name}`] === 'default' ? undefined : settings.outage[name]
    const fault = flags['server-fault']
    if (fault !== undefined) requireNoApp(this.#command)
    const running = await runningAppOf(flags, this.#command, process.env)
    const abortIf = (flags['abort-if'] ?? []).map(parseStopCondition)
    const { environments } = settings
    const { environmentAlone } = await import('../src/ops/config/environment-alone.js')
    const env = environmentAlone(flags.env, { env: process.env, environments })
    const started = running || fault ? undefined : await appOf(flags, this.#command, env)
    const app =
      started && flags['own-servers']
        ? { ...started, own: await ownServersOf(started, { ...flags, abortIf, environments, signal }) }
        : started
    const { limit } = flags
    const about = {
      backend: app ? undefined : flags.backend,
      limit,
      'on-unavailable': flags['on-unavailable'],
      'module-ttl': flags['module-ttl'],
    }
    const module = moduleInFlags(flags.module, about, settings.limiters)
    const { startRecorder } = await import('../src/ops/records/recorder.js')
    const recorder = startRecorder(settings.records, { isWanted: !flags['no-record'] })
    const outcome = (report: OutageReport): Outcome<OutageReport> => ({
      ...outageOutcome(report, origin),
      keep: (shown) => keepRun(recorder.keep(shown), context.warn),
    })
    const phases = { beforeMs: set('before'), duringMs: set('during'), afterMs: set('after') }
    const common = {
      ...phases,
      ratePerSecond: set('rate'),
      drills: flags.drill,
      budgets: { ...settings.outage.budgets, ...scenario?.budgets },
      abortIf,
      history: flags.history,
      signal,
      onEvent: (event: OutageEvent) => {
        recorder.hear(event)
        progress.update(describeEvent(event))
      },
    }
    if (fault !== undefined) {
      const drill = { ...common, fault, module, subject, seed }
      return outcome(await this.#drillServer(context, { env, environments }, drill))
    }
    if (running) {
      const { drillRunningApp } = await import('../src/ops/outage/drill-running-app.js')
      const { proxyClient } = await import('../src/ops/experiment/remote/proxy-client.js')
      const proxy = await proxyClient(running.proxyUrl, running.tokenFile)
      return outcome(await drillRunningApp({ ...common, ...running, proxy }))
    }
    const report = await simulateOutage({
      ...common,
      app,
      suite: flags.suite,
      scenario,
      narrowing: chosenIn(flags),
      familyOf: keySetOf(config, scenario ? 'family: ' : '--family '),
      module,
      subject: flags.suite !== undefined && origins['outage.subject'] === 'default' ? undefined : subject,
      seed,
    })
    return outcome(report)
  }

  /** Wires keyspace's client: which server it is, and who uses it, is asked before anybody is. */
  async #drillServer(
    { flags, signal, progress }: Context<typeof SimulateOutage>,
    { env, environments }: { env: NodeJS.ProcessEnv; environments: Settings['environments'] },
    drill: Pick<ConfirmedDrill, 'fault' | 'seed'>,
  ): Promise<OutageReport> {
    const { withPassword } = await import('../src/library/backends/redis-url.js')
    const { nameServer, openServer, toEnvironmentError } = await import('../src/ops/keyspace/server.js')
    const { reportTarget } = await import('../src/ops/keyspace/target-report.js')
    const { drillConfirmed } = await import('../src/ops/outage/server-drill/confirmed-drill.js')
    const { lookAtOthers } = await import('../src/ops/outage/server-drill/others.js')
    this.undoes = 'having all clients served again and removing the keys'
    const named = nameServer({ url: flags.server, environment: env, environments, upstash: true })
    const look = async () => {
      const server = await openServer(named, signal)
      try {
        return { target: reportTarget(server, named.url), others: await lookAtOthers(server.client) }
      } finally {
        server.close()
      }
    }
    const question = (name: string) => {
      progress.stop()
      return ask(`Type the server's name (${name}) to go on: `, signal)
    }
    return drillConfirmed({
      ...drill,
      named: { ...named, url: withPassword(named.url, named.password) },
      look,
      confirmed: flags.confirm,
      ask: canAsk(flags.json) ? question : null,
      onForeseen: (text) => {
        progress.stop()
        this.logToStderr(text)
      },
    }).catch((error: unknown) => {
      throw toEnvironmentError(error)
    })
  }
}

/** The servers that the app itself would use, once it is known that they may be drilled. */
async function ownServersOf(
  app: AppSpec,
  options: {
    confirm?: string[] | undefined
    abortIf: readonly unknown[]
    environments: Settings['environments']
    signal: AbortSignal
  },
) {
  const { environments, confirm = [], abortIf, signal } = options
  const { ownServersOf: named } = await import('../src/ops/experiment/app/own-servers/own-servers-of.js')
  const { guardServers } = await import('../src/ops/outage/guard-own-servers.js')
  const { isSandbox } = await import('../src/ops/proxy/look.js')
  const { nameServer, openServer } = await import('../src/ops/keyspace/server.js')
  const connect = async (url: string) => {
    const environment = { ...app.env, REDIS_URL: url, CACHE_PROVIDER: 'redis' }
    const { client, close } = await openServer(nameServer({ environment, environments }), signal)
    return { ask: client.send.bind(client), close }
  }
  return guardServers(named(app), {
    environments,
    confirmed: confirm,
    conditions: abortIf.length,
    isSandbox: (server) => isSandbox(server, () => connect(server.url)),
  })
}
