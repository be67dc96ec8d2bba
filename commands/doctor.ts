import { Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../src/cli/base-command.js'
import { doctorListText, doctorText } from '../src/cli/views/doctor.js'
import type { SampledKey, SampleKeys } from '../src/ops/doctor/key-sample.js'
import { FAIL_ON } from '../src/ops/report/doctor-report.js'

export default class Doctor extends BaseCommand<typeof Doctor> {
  static override summary = 'Is everything healthy, and would we survive losing Redis now?'
  static override description =
    "Looks at what the application's own environment names: REDIS_URL or Upstash, SUPABASE_URL, the feature flags; and " +
    'at how long a call of its client would wait (doctor.client in cache.config.json). Most useful when Redis is away: ' +
    'it says in which way, and what users feel. Reads only, unless --probe-writes is given.\n\n' +
    'Exit code 0: no check failed. 1: one did; a Redis or a Supabase that is away is such a finding. 3: a check could ' +
    'not come to an end, or nothing could be judged. A check that is skip or unknown is never ok.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --probe-writes',
    '<%= config.bin %> <%= command.id %> --check CON-001 --check SUP-001 --json',
    '<%= config.bin %> <%= command.id %> --fail-on warn --skip ENV-004',
  ]
  static override flags = {
    check: Flags.string({
      summary: 'Check to run; may be repeated (default: all).',
      helpValue: 'ID',
      multiple: true,
      multipleNonGreedy: true,
    }),
    skip: Flags.string({
      summary: 'Check to leave out; may be repeated.',
      helpValue: 'ID',
      multiple: true,
      multipleNonGreedy: true,
    }),
    list: Flags.boolean({ summary: 'List the checks, and look at nothing.' }),
    'fail-on': Flags.option({
      options: FAIL_ON,
      default: 'fail' as const,
      summary: 'What makes the exit code 1.',
    })(),
    'probe-writes': Flags.boolean({
      summary: 'Also try SET, EVAL and the limiter, on scratch keys with a TTL.',
    }),
    timeout: Flags.string({ summary: 'For everything together (default: 10s).', helpValue: 'TIME' }),
    env: Flags.string({
      summary: 'Environment of the project file that is looked at, by its variables.',
      helpValue: 'NAME',
    }),
  }

  protected override readonly undoes = 'closing the connections, then what was found so far'

  protected async execute({ flags, signal, progress }: Context<typeof Doctor>): Promise<Outcome> {
    if (flags.list) return listOf()
    const { diagnose } = await import('../src/ops/doctor/diagnose.js')
    const { loadConfig } = await import('../src/ops/config/load.js')
    const { settings } = await loadConfig({ flags: { 'doctor.timeout': flags.timeout } })
    const { environmentNamed } = await import('../src/ops/config/named-environment.js')
    const { environments } = settings
    const { timeout, client, thresholds } = settings.doctor
    const report = await diagnose({
      only: flags.check,
      skip: flags.skip,
      failOn: flags['fail-on'],
      probeWrites: flags['probe-writes'],
      timeoutMs: timeout,
      client,
      thresholds,
      environment: environmentNamed(flags.env, { env: process.env, environments }),
      directory: process.cwd(),
      sampleKeys,
      signal,
      onEvent: ({ type }) => {
        if (type === 'begun') progress.update('looking at Redis, Supabase and the environment')
      },
    })
    return { report, text: (terminal) => doctorText(report, terminal) }
  }
}

/** The ability of another engine, which `cache keys` uses for its full pass. */
const sampleKeys: SampleKeys = async (client, { maxKeys, maxMs, signal }) => {
  const { classify } = await import('../src/ops/keyspace/classify.js')
  const { createPace } = await import('../src/ops/keyspace/pace.js')
  const { scanPages } = await import('../src/ops/keyspace/scan.js')
  const keys: SampledKey[] = []
  let looked = 0
  const end = performance.now() + maxMs
  for await (const page of scanPages(client, { pace: createPace({ gentle: true, signal }), signal })) {
    looked += page.keys.length
    const known = page.keys.flatMap((key) => {
      const family = classify(key)
      return family ? [{ key, family }] : []
    })
    const ttls = known.length === 0 ? [] : await client.pipeline(known.map(({ key }) => ['PTTL', key]))
    known.forEach(({ family }, index) => {
      const ttl = ttls[index]
      if (ttl instanceof Error) throw ttl
      // It expired between the two questions.
      if (ttl === -2) return
      const ttlMs = ttl === -1 ? null : Number(ttl)
      keys.push({ family: family.id, declaredSeconds: family.ttlSeconds, ttlMs })
    })
    const complete = page.cursor === '0'
    if (complete || looked >= maxKeys || performance.now() > end) return { looked, complete, keys }
  }
  return { looked, complete: false, keys }
}

async function listOf(): Promise<Outcome> {
  const { isProbe } = await import('../src/ops/doctor/check.js')
  const { checks } = await import('../src/ops/doctor/checks/index.js')
  const shown = checks.map((check) => ({
    id: check.id,
    group: check.group,
    title: check.title,
    writes: isProbe(check),
    threshold: check.threshold,
    unit: check.unit ?? null,
    docs: `docs/checks/${check.id}.md`,
  }))
  const report = {
    schema: 'cache.doctor.list/1',
    command: 'doctor',
    verdict: 'pass' as const,
    checks: shown,
  }
  return { report, text: (terminal) => doctorListText(shown, terminal) }
}
