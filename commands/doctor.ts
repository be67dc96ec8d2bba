import { Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../src/cli/base-command.js'
import { globalFlagsFor } from '../src/cli/global-flags.js'
import { requireListFormat } from '../src/cli/list-formats.js'
import type { Terminal } from '../src/cli/terminal.js'
import { doctorListText, doctorText } from '../src/cli/views/doctor.js'
import type { Selection } from '../src/ops/doctor/select.js'
import { doctorDigest } from '../src/ops/report/doctor-digest.js'
import { FAIL_ON, type CheckListReport, type DoctorReport } from '../src/ops/report/doctor-report.js'

export default class Doctor extends BaseCommand<typeof Doctor> {
  static override summary = 'Is everything healthy, and would we survive losing Redis now?'
  static override description =
    "Looks at what the application's own environment names: REDIS_URL or Upstash, SUPABASE_URL, the feature flags; and " +
    'at how long a call of its client would wait (doctor.client in cache.config.json). Most useful when Redis is away: ' +
    'it says in which way, and what users feel. Reads only, unless --probe-writes is given.\n\n' +
    'Exit code 0: no check failed. 1: one did; a Redis or a Supabase that is away is such a finding. 3: a check could ' +
    'not come to an end, or nothing could be judged. A check that is skip or unknown is never ok.\n\n' +
    'With --baseline FILE, a report saved by --output json=FILE, only what changed is shown and makes the exit code. 1: ' +
    'something that --fail-on counts is new, graver, or says something else than then (numbers apart). 3: a check ' +
    'broke off, or was judged then and is not now. What was as bad then is accepted.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --probe-writes',
    '<%= config.bin %> <%= command.id %> --only CON-001,SUP-001 --json',
    '<%= config.bin %> <%= command.id %> --group memory --fail-on warn --skip MEM-003',
    '<%= config.bin %> <%= command.id %> --output json=before.json; <%= config.bin %> <%= command.id %> --baseline before.json',
    '<%= config.bin %> <%= command.id %> --reporter github --output markdown="$GITHUB_STEP_SUMMARY"',
  ]
  static override flags = {
    only: Flags.string({
      summary: 'Check to run; may be repeated (default: all).',
      helpValue: 'ID',
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
      aliases: ['check'],
    }),
    group: Flags.string({
      summary: 'Group of checks to run, such as memory; may be repeated.',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
    }),
    skip: Flags.string({
      summary: 'Check to leave out; may be repeated.',
      helpValue: 'ID',
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
    }),
    list: Flags.boolean({ summary: 'List the checks that would run, and look at nothing.' }),
    'fail-on': Flags.option({
      options: FAIL_ON,
      default: 'fail' as const,
      summary: 'What makes the exit code 1.',
    })(),
    'probe-writes': Flags.boolean({
      summary: 'Also try SET, EVAL and the limiter, on scratch keys with a TTL.',
    }),
    baseline: Flags.string({
      summary: 'Show only what changed since this JSON report of doctor.',
      helpValue: 'FILE',
    }),
    timeout: Flags.string({ summary: 'For everything together (default: 10s).', helpValue: 'TIME' }),
    env: Flags.string({
      summary: 'Environment of the project file that is looked at, by its variables.',
      helpValue: 'NAME',
    }),
  }

  static override baseFlags = globalFlagsFor(['text', 'json', 'junit', 'markdown', 'github'])

  protected override readonly undoes = 'closing the connections, then what was found so far'

  protected async execute({
    flags,
    signal,
    progress,
    warn,
  }: Context<typeof Doctor>): Promise<Outcome | Outcome<DoctorReport>> {
    const selection: Selection = { only: flags.only, groups: flags.group, skip: flags.skip }
    if (flags.list) return listOf(selection, flags)
    const { diagnose } = await import('../src/ops/doctor/diagnose.js')
    const { otherTargets, readBaseline } = await import('../src/ops/doctor/baseline.js')
    const { sinceBaseline } = await import('../src/ops/doctor/since-baseline.js')
    const { catalogueOf } = await import('../src/ops/keyspace/families.js')
    const { sampleKeys } = await import('../src/ops/keyspace/sample-keys.js')
    const { loadConfig } = await import('../src/ops/config/load.js')
    const { environmentNamed } = await import('../src/ops/config/named-environment.js')
    const config = await loadConfig({ flags: { 'doctor.timeout': flags.timeout } })
    const { doctor, environments, families, limiters } = config.settings
    const { timeout: timeoutMs, client, thresholds, upstash, hitRatio } = doctor
    const catalogue = catalogueOf(config)
    const baseline = flags.baseline === undefined ? null : await readBaseline(flags.baseline)
    const found = await diagnose({
      ...selection,
      failOn: flags['fail-on'],
      probeWrites: flags['probe-writes'],
      timeoutMs,
      client,
      thresholds,
      limiters,
      families,
      upstash,
      hitRatio,
      valuesThen: baseline?.values,
      environment: environmentNamed(flags.env, { env: process.env, environments }),
      directory: process.cwd(),
      sampleKeys: (client, options) => sampleKeys(client, { catalogue, ...options }),
      signal,
      onEvent: ({ type }) => {
        if (type === 'begun') progress.update('looking at Redis, Supabase and the environment')
      },
    })
    if (baseline) otherTargets(baseline, found).forEach(warn)
    const report = baseline ? sinceBaseline(found, baseline) : found
    return {
      report,
      text: (terminal: Terminal, shown: DoctorReport) => doctorText(shown, terminal),
      digest: doctorDigest,
    }
  }
}

async function listOf(
  selection: Selection,
  flags: Context<typeof Doctor>['flags'],
): Promise<Outcome<CheckListReport>> {
  requireListFormat('doctor', flags)
  const { listChecks } = await import('../src/ops/doctor/list-checks.js')
  return { report: listChecks(selection), text: (terminal, shown) => doctorListText(shown, terminal) }
}
