import type { Config } from '@oclif/core'
import { appOf, splitCommand } from '../../src/cli/app-flags.js'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { globalFlagsFor } from '../../src/cli/global-flags.js'
import { openHgrmDirectory, writeHgrm } from '../../src/cli/hgrm-directory.js'
import { requireListFormat } from '../../src/cli/list-formats.js'
import { keepRun } from '../../src/cli/keep-run.js'
import { loadFlags } from '../../src/cli/load-flags.js'
import { loadOptionsOf } from '../../src/cli/load-options.js'
import { runningUnderLoad } from '../../src/cli/load-surface.js'
import { chosenIn } from '../../src/cli/narrowing-flags.js'
import { beginRun } from '../../src/cli/page-of-run.js'
import { loadListText } from '../../src/cli/views/load-list.js'
import { describeLoad } from '../../src/cli/views/load-progress.js'
import { loadOutcome } from '../../src/cli/views/run-outcome.js'
import { requireDrillsAllowed } from '../../src/ops/config/drills-allowed.js'
import type { LoadedConfig } from '../../src/ops/config/load.js'
import type { LoadListReport, LoadReport } from '../../src/ops/report/load-report.js'

export default class LoadTest extends BaseCommand<typeof LoadTest> {
  static override summary = 'What does a failover cost under load: before, during, after?'
  static override description =
    'Runs a cache under steady load in front of a source of truth, with a fault of Redis in the middle, and shows what ' +
    'it costs users and the database; or an app, which is asked over HTTP. Operations start when they are due, whatever became ' +
    'of earlier ones, and latency counts from there. Redis is a real server of our own on loopback, and gone afterwards; no ' +
    'other server is touched.\n\n' +
    'Exit code 0: every SLO holds, or none was given. 1: an SLO was missed. 3: it could not be told. 4: ended by --abort-if; ' +
    'or refused, as CACHE_DRILLS_DISABLED is set, which forbids drills and load tests on a machine.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --fault refused',
    "<%= config.bin %> <%= command.id %> --fault stall --slo 'during.errors == 0' --slo 'during.p99 < 250ms'",
    "<%= config.bin %> <%= command.id %> --fault cold --slo 'after.hit_rate > 0.9 * before within 5s' --slo 'db.qps < before * 12'",
    '<%= config.bin %> <%= command.id %> --subject naive-ioredis6 --rate 500 --json',
    '<%= config.bin %> <%= command.id %> --fault stall --baseline main.json --repeat 3 --quorum 2',
    "<%= config.bin %> <%= command.id %> --fault stall --ready http://localhost:3000/health --probe 'GET /api/session' -- node dist/server.js",
  ]
  static override usage = ['<%= command.id %> [FLAGS]', '<%= command.id %> [FLAGS] -- COMMAND [ARG...]']
  static override baseFlags = globalFlagsFor(['text', 'json', 'junit', 'markdown', 'github', 'html'])
  static override flags = loadFlags

  /** What stands behind `--`, which is not ours to understand. */
  readonly #command: readonly string[] | undefined

  constructor(argv: string[], config: Config) {
    const [own, command] = splitCommand(argv)
    super(own, config)
    this.#command = command
  }

  protected override readonly undoes = 'lifting the fault and stopping the servers'

  protected async execute({ flags, signal, progress, warn }: Context<typeof LoadTest>): Promise<Outcome> {
    const { loadTest } = await import('../../src/ops/load/load-test.js')
    if (flags.list) {
      requireListFormat('load-test', flags)
      const { listOf } = await import('../../src/ops/load/list.js')
      const report: LoadListReport = listOf()
      return { report, text: (terminal) => loadListText(report, terminal) }
    }
    requireDrillsAllowed('put anything under load', process.env)
    const origin = beginRun(this.config.version)
    const config = await this.#settings(flags)
    const { settings } = config
    const { environmentAlone } = await import('../../src/ops/config/environment-alone.js')
    const { environments } = settings
    const env = environmentAlone(undefined, { env: process.env, environments })
    const running = await runningUnderLoad(flags, this.#command, settings.load.fault, process.env)
    const app = running ? undefined : await appOf(flags, this.#command, env)
    const { moduleInFlags } = await import('../../src/ops/experiment/subjects/module/module-in-flags.js')
    const about = {
      backend: app ? undefined : flags.backend,
      limit: flags.limit,
      'on-unavailable': flags['on-unavailable'],
      'module-ttl': flags['module-ttl'],
    }
    const { keySetOf } = await import('../../src/ops/keyspace/key-set-of.js')
    const { proxyClient } = await import('../../src/ops/experiment/remote/proxy-client.js')
    const proxy = running?.proxy ? await proxyClient(running.proxy.url, running.proxy.tokenFile) : null
    const { startRecorder } = await import('../../src/ops/records/recorder.js')
    const recorder = startRecorder(settings.records, { isWanted: !flags['no-record'] })
    const options = {
      ...loadOptionsOf(config, { isApp: (app ?? running) !== undefined }),
      module: moduleInFlags(flags.module, about, settings.limiters),
      app,
      running: running && { ...running, proxy },
      families: await familiesOf(config),
      narrowing: chosenIn(flags),
      familyOf: keySetOf(config, '--family '),
      // As they were typed: a `;` in one is for the parser to refuse.
      slos: flags.slo ?? settings.load.slo,
      baseline: await baselineOf(settings.load),
      abortIf: flags['abort-if'] ?? [],
      signal,
      onEvent: (event: Parameters<typeof describeLoad>[0] | { type: 'foreseen'; text: string }) => {
        if (event.type === 'foreseen') warn(event.text)
        else {
          recorder.hear(event)
          progress.update(describeLoad(event, settings.load.fault, { isApp: app !== undefined }))
        }
      },
    }
    if (flags.hgrm !== undefined) openHgrmDirectory(flags.hgrm)
    const report = await loadTest(options)
    const problem = flags.hgrm === undefined ? null : await keepHistograms(report, flags.hgrm)
    return {
      ...loadOutcome(problem === null ? report : { ...report, error: problem }, origin),
      keep: (shown: LoadReport) => keepRun(recorder.keep(shown), warn),
    }
  }

  async #settings(flags: Context<typeof LoadTest>['flags']): Promise<LoadedConfig> {
    const { loadConfig } = await import('../../src/ops/config/load.js')
    const inMs = (ms: number | undefined) => (ms === undefined ? undefined : `${ms}ms`)
    return loadConfig({
      flags: {
        'load.subject': flags.subject,
        'load.fault': flags.fault,
        'load.seed': flags.seed,
        'load.rate': flags.rate,
        'load.arrivals': flags.arrivals,
        'load.before': inMs(flags.before),
        'load.during': inMs(flags.during),
        'load.after': inMs(flags.after),
        'load.transition': inMs(flags.transition),
        'load.baseline': flags.baseline,
        'load.allow': flags.allow,
        'load.repeat': flags.repeat,
        'load.quorum': flags.quorum,
      },
    })
  }
}

/** Wires keyspace's catalogue: a family of the traffic is one that somebody declares. */
async function familiesOf(config: LoadedConfig) {
  const { catalogueOf, familyNamed } = await import('../../src/ops/keyspace/families.js')
  const { trafficFamilies } = await import('../../src/ops/config/traffic-families.js')
  const catalogue = catalogueOf(config)
  return trafficFamilies(config.settings.load.traffic.families, (name) =>
    familyNamed(catalogue, name, (meant) => `load.traffic.families: ${meant}`),
  )
}

/** Whose keys a fault is narrowed to. */
async function keepHistograms(report: LoadReport, directory: string) {
  const { hgrmFiles } = await import('../../src/ops/load/hgrm.js')
  return writeHgrm(directory, hgrmFiles(report))
}

async function baselineOf({ baseline, allow }: LoadedConfig['settings']['load']) {
  if (baseline === undefined) return undefined
  const { readSavedReport } = await import('../../src/ops/load/saved-report.js')
  const { report } = await readSavedReport(baseline)
  return { report, allowance: allow }
}
