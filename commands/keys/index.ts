import { Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { describeProgress } from '../../src/cli/views/keys-progress.js'
import { gentleFlag, keysFlags } from '../../src/cli/views/keys-flags.js'
import { inAscii } from '../../src/cli/views/keys-parts.js'
import { keysText } from '../../src/cli/views/keys.js'
import { UsageError } from '../../src/ops/report/errors.js'
import { RULES, type Rule } from '../../src/ops/report/keys-report.js'
import { nearest } from '../../src/ops/report/nearest.js'

export default class Keys extends BaseCommand<typeof Keys> {
  static override summary = 'What is in there, and does it follow the convention?'
  static override description =
    'One pass with SCAN, which never blocks the server: counts every key by family, measures a sample of each ' +
    '(TTL, type, memory), and groups the keys that belong to no family. Ids are masked. Nothing is changed.\n\n' +
    'Exit code 0: done. 1: something that --fail-on names was found. 3: unreachable, or broken off.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --family conv --sample all',
    '<%= config.bin %> <%= command.id %> --fail-on orphans,no-ttl,ttl-above --json',
  ]
  static override flags = {
    ...keysFlags,
    family: Flags.string({ summary: 'Only the keys of this family.', helpValue: 'NAME' }),
    match: Flags.string({ summary: 'Only keys that this glob matches.', helpValue: 'GLOB' }),
    sample: Flags.string({
      summary:
        'Keys measured per family, or all (default: all of up to 50,000 keys, else 1000; all with --fail-on).',
      helpValue: 'N',
    }),
    seed: Flags.integer({
      summary: 'Decides which keys are measured.',
      default: 1,
      min: 0,
      max: 4_294_967_295,
    }),
    limit: Flags.integer({ summary: 'Stop after about this many keys.', helpValue: 'N', min: 1 }),
    'fail-on': Flags.string({
      summary: `Exit 1 when there are such keys: ${RULES.join(',')}.`,
      helpValue: 'RULES',
    }),
    ...gentleFlag,
  }

  protected override readonly undoes = 'stopping after this page, then what was seen so far'

  protected async execute({ flags, signal, progress }: Context<typeof Keys>): Promise<Outcome> {
    const perFamily = parseSample(flags.sample)
    const failOn = parseRules(flags['fail-on'])
    if (flags.family !== undefined && flags.match !== undefined) {
      throw new UsageError('CONFLICTING_FLAGS', '--family and --match contradict each other.', [
        'leave one of them out',
      ])
    }
    if (flags.match === '') {
      throw new UsageError(
        'BAD_FLAG_VALUE',
        '--match: the glob is empty, and would match no key but the empty one.',
        ["--match 'session:*'"],
      )
    }
    const { catalogueOf, familyNamed } = await import('../../src/ops/keyspace/families.js')
    const { nameServer, openServer } = await import('../../src/ops/keyspace/server.js')
    const { inspectKeys } = await import('../../src/ops/keyspace/inventory.js')
    const { loadConfig } = await import('../../src/ops/config/load.js')
    const config = await loadConfig()
    const { environments } = config.settings
    const catalogue = catalogueOf(config)
    const family =
      flags.family === undefined ? null : familyNamed(catalogue, flags.family, (name) => `--family ${name}`)
    const named = nameServer({ url: flags.url, environment: process.env, environments })
    progress.update(`connecting to ${named.target.host}:${named.target.port}`)
    const server = await openServer(named, signal)
    try {
      const report = await inspectKeys(server, named, {
        catalogue,
        family,
        match: flags.match ?? null,
        perFamily,
        failOn,
        seed: flags.seed,
        limit: flags.limit ?? null,
        gentle: flags.gentle,
        signal,
        onEvent: (event) => progress.update(describeProgress(event)),
      })
      return { report, text: (shown) => inAscii(keysText(report, shown), shown) }
    } finally {
      server.close()
    }
  }
}

function parseSample(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text === 'all') return Infinity
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= 1_000_000) return count
  throw new UsageError('BAD_FLAG_VALUE', `--sample: '${text}' is neither a number from 1 to 1000000 nor all.`)
}

function parseRules(text: string | undefined): Rule[] {
  if (text === undefined) return []
  return text.split(',').map((name) => {
    const rule = RULES.find((each) => each === name.trim())
    if (rule) return rule
    const meant = nearest(name.trim(), RULES)
    throw new UsageError(
      'UNKNOWN_RULE',
      `--fail-on: there is no rule '${name.trim()}'; it takes ${RULES.join(', ')}.`,
      meant === undefined ? [] : [`--fail-on ${meant}`],
    )
  })
}
