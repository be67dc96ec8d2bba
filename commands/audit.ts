import { join } from 'node:path'
import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../src/cli/base-command.js'
import { globalFlags, globalFlagsFor } from '../src/cli/global-flags.js'
import { adoptionFlags } from '../src/cli/adoption-flags.js'
import { auditBaselineOf, auditPolicyOf } from '../src/cli/audit-policy.js'
import { formatQuantity } from '../src/ops/report/format.js'
import type { Terminal } from '../src/cli/terminal.js'
import { auditKeysText } from '../src/cli/views/audit-keys.js'
import { auditWhyText } from '../src/cli/views/audit-why.js'
import { auditText } from '../src/cli/views/audit.js'
import { auditAnalysis } from '../src/ops/report/audit-analysis.js'
import { auditDigest } from '../src/ops/report/audit-digest.js'
import type { AuditReport } from '../src/ops/report/audit-report.js'
import { auditKeysDigest } from '../src/ops/report/audit-keys-digest.js'
import { UsageError } from '../src/ops/report/errors.js'
import type { KeysInCodeReport } from '../src/ops/report/keys-in-code-report.js'
import { whyDigest } from '../src/ops/report/why-digest.js'
import type { WhyReport } from '../src/ops/report/why-report.js'
import type { Settings } from '../src/ops/config/schema.js'
import type { KeysSeen } from '../src/ops/audit/keys-seen.js'
import { auditSuite } from '../src/ops/report/audit-suite.js'

export default class Audit extends BaseCommand<typeof Audit> {
  static override summary = 'Does this source code follow the review checklist?'
  static override description =
    'Reads TypeScript and JavaScript as they are: no build, no node_modules. Left out are tests, declarations and ' +
    'what is built or generated. Every rule has a page in docs/rules/.\n\n' +
    'A comment on the line of a finding, or on the line above, accepts it:\n' +
    '// cache-audit-ignore R1: the reason\n\n' +
    'A team that has findings begins with --update-baseline, which writes them into a file, or with --changed.\n\n' +
    'Exit code 0: no finding at or above --fail-on. 1: there are some. 3: there was nothing to read, or something could not be read.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> packages/api/src --rule R1 --rule R4',
    '<%= config.bin %> <%= command.id %> --json --fail-on never',
    '<%= config.bin %> <%= command.id %> --why src/cache.ts:12',
    '<%= config.bin %> <%= command.id %> --keys --live',
    '<%= config.bin %> <%= command.id %> --reporter github --output sarif=audit.sarif',
    '<%= config.bin %> <%= command.id %> --baseline cache-audit-baseline.json --update-baseline',
    '<%= config.bin %> <%= command.id %> --since origin/main --max-warnings 0',
    '<%= config.bin %> <%= command.id %> --fix-dry-run',
  ]
  static override args = {
    path: Args.string({
      description: 'Files and directories to read (default: the working directory).',
      multiple: true,
    }),
  }
  static override flags = {
    rule: Flags.string({
      summary: 'Rule to apply; may be repeated (default: all).',
      helpValue: 'ID',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'fail-on': Flags.option({
      options: ['error', 'warn', 'never'] as const,
      summary: 'Least severity that fails (default error).',
    })(),
    why: Flags.string({
      summary:
        'Instead: what the audit believes the things on one line to be, and what each rule says there.',
      helpValue: 'FILE:LINE',
    }),
    keys: Flags.boolean({
      summary: 'Instead: the keys that the code reads and writes, against the declared families.',
    }),
    live: Flags.boolean({
      summary: 'With --keys: against what Redis holds too; only reads, with SCAN.',
      dependsOn: ['keys'],
    }),
    url: Flags.string({
      summary: 'Server to look at with --live, without credentials (default: REDIS_URL).',
      helpValue: 'redis://HOST:PORT/DB',
      dependsOn: ['live'],
    }),
    ...adoptionFlags,
  }

  static override baseFlags = globalFlagsFor(['text', 'json', 'junit', 'sarif', 'markdown', 'github'])

  protected override readonly undoes = 'stopping'

  protected async execute({
    args,
    flags,
    signal,
    progress,
  }: Context<typeof Audit>): Promise<
    Outcome | Outcome<AuditReport> | Outcome<KeysInCodeReport> | Outcome<WhyReport>
  > {
    const { loadConfig } = await import('../src/ops/config/load.js')
    const config = await loadConfig({
      flags: {
        'audit.failOn': flags['fail-on'],
        'audit.baseline': flags.baseline,
        'audit.maxWarnings': flags['max-warnings'],
      },
    })
    const { catalogueOf } = await import('../src/ops/keyspace/families.js')
    if (flags.why !== undefined) {
      refuseOthers('why', flags, ['rule'])
      const { loadWhy } = await import('../src/ops/audit/load.js')
      const { why } = await loadWhy()
      const paths = args.path ?? ['.']
      const { families } = catalogueOf(config)
      const policy = auditPolicyOf(config)
      return {
        report: await why({ place: flags.why, paths, rules: flags.rule, policy, families, signal }),
        text: (terminal: Terminal, shown: WhyReport) => auditWhyText(shown, terminal),
        digest: whyDigest,
      } as Outcome<WhyReport>
    }
    if (flags.keys) {
      refuseOthers('keys', flags, ['live', 'url', 'fail-on'])
      const { loadKeysInCode } = await import('../src/ops/audit/load.js')
      const { keysInCode } = await loadKeysInCode()
      const found = await keysInCode({
        paths: args.path ?? ['.'],
        families: catalogueOf(config).families,
        failOn: config.settings.audit.failOn,
        seen: flags.live ? () => keysSeen(config, flags.url, signal) : undefined,
        signal,
      })
      return {
        report: found,
        text: (terminal: Terminal, shown: KeysInCodeReport) => auditKeysText(shown, terminal),
        digest: auditKeysDigest,
      } as Outcome<KeysInCodeReport>
    }
    const { failOn, maxWarnings } = config.settings.audit
    const baseline = auditBaselineOf(config, flags['update-baseline'])
    if (flags['update-baseline'] && !baseline) {
      throw new UsageError('NO_BASELINE', '--update-baseline needs a file to write.', [
        '--baseline cache-audit-baseline.json --update-baseline',
      ])
    }
    const { loadAudit } = await import('../src/ops/audit/load.js')
    const { audit } = await loadAudit()
    const report = await audit({
      paths: args.path ?? ['.'],
      rules: flags.rule,
      failOn,
      maxWarnings,
      policy: auditPolicyOf(config),
      baseline,
      changedSince: flags.since ?? (flags.changed ? '' : undefined),
      fix: flags.fix ? 'write' : flags['fix-dry-run'] ? 'show' : undefined,
      families: catalogueOf(config).families,
      signal,
      onEvent: (event) =>
        progress.update(
          event.type === 'reading' ? 'reading the code' : `judging ${formatQuantity(event.files, 'file')}`,
        ),
    })
    const { rulePages } = await import('../src/ops/doctor/pages.js')
    const { version, root } = this.config
    return {
      report,
      text: (terminal: Terminal, shown: AuditReport) => auditText(shown, terminal),
      junit: auditSuite,
      digest: auditDigest,
      analysis: (shown: AuditReport) =>
        auditAnalysis(shown, { version, pages: rulePages(join(root, 'docs')) }),
    }
  }
}

/** A mode answers a question of its own: what is not among its flags belongs to another. */
function refuseOthers(
  mode: string,
  flags: Record<string, unknown> & { reporter?: string | undefined },
  own: readonly string[],
): void {
  const allowed = new Set([mode, ...own, ...Object.keys(globalFlags)])
  const other = Object.keys(flags).find(
    (name) => !allowed.has(name) && flags[name] !== undefined && flags[name] !== false,
  )
  const format = /^(?:sarif|junit)$/.test(flags.reporter ?? '') ? `--reporter ${flags.reporter}` : undefined
  const refused = other === undefined ? format : `--${other}`
  if (refused === undefined) return
  throw new UsageError('CONFLICTING_FLAGS', `--${mode} and ${refused} contradict each other.`, [
    'leave one of them out',
  ])
}

/** One pass over the server that is named, as `cache keys` makes it. */
async function keysSeen(
  config: { settings: Pick<Settings, 'families' | 'environments'>; file: string | null },
  url: string | undefined,
  signal: AbortSignal,
): Promise<KeysSeen> {
  const { catalogueOf } = await import('../src/ops/keyspace/families.js')
  const { inspectKeys } = await import('../src/ops/keyspace/inventory.js')
  const { nameServer, openServer } = await import('../src/ops/keyspace/server.js')
  const { environments } = config.settings
  const named = nameServer({ url, environment: process.env, environments, upstash: true })
  const server = await openServer(named, signal)
  try {
    const seen = await inspectKeys(server, named, { catalogue: catalogueOf(config), top: 0, signal })
    return {
      server: seen.target.address,
      complete: seen.scan.complete,
      keys: seen.scan.keysSeen,
      families: seen.families.map(({ family, keys, withoutTtl, ttlSeenMs }) => ({
        family,
        keys,
        withoutTtl: Math.round(withoutTtl.value),
        ttlSeconds: ttlSeenMs === null ? null : ttlSeenMs.p50 / 1000,
      })),
      groups: seen.orphans.groups,
      error: seen.error,
    }
  } finally {
    server.close()
  }
}
