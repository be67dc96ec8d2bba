import { Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { inAscii } from '../../src/cli/in-ascii.js'
import { describeCost, describeProgress } from '../../src/cli/views/keys-progress.js'
import { gentleFlag, keysFlags } from '../../src/cli/views/keys-flags.js'
import { parseMatch, parseRules, parseSample } from '../../src/cli/views/keys-values.js'
import { keysText } from '../../src/cli/views/keys.js'
import { UsageError } from '../../src/ops/report/errors.js'
import { RULES, type KeysReport } from '../../src/ops/report/keys-report.js'

export default class Keys extends BaseCommand<typeof Keys> {
  static override summary = 'What is in there, and does it follow the convention?'
  static override description =
    'One pass with SCAN over every master, which never blocks the server: counts every key by family, measures a ' +
    'sample of each (TTL, type, memory), and groups the keys that belong to no family. Ids are masked. Nothing is ' +
    'changed. Upstash is asked over REST, where each command is paid for: how many it will be is told first.\n\n' +
    'Exit code 0: done. 1: something that --fail-on names was found. 3: unreachable, or broken off. 4: more commands ' +
    'to pay for than --max-commands allows.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --family conv --sample all',
    '<%= config.bin %> <%= command.id %> --fail-on orphans,no-ttl,ttl-above --json',
    "<%= config.bin %> <%= command.id %> --no-ttl --jsonl | jq -r 'select(.bytes > 100000) | .key'",
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
    top: Flags.integer({
      summary: 'How many of the largest keys are named.',
      helpValue: 'N',
      default: 5,
      min: 0,
      max: 1000,
    }),
    'no-ttl': Flags.boolean({ summary: 'Only keys without a TTL.' }),
    seed: Flags.integer({
      summary: 'Decides which keys are measured.',
      default: 1,
      min: 0,
      max: 4_294_967_295,
    }),
    limit: Flags.integer({ summary: 'Stop after about this many keys.', helpValue: 'N', min: 1 }),
    'show-keys': Flags.boolean({
      summary: 'Name the largest keys, and those of --jsonl, as they are: ids may be personal data.',
    }),
    cursor: Flags.string({ summary: 'Go on where an earlier pass was stopped.', helpValue: 'CURSOR' }),
    'max-commands': Flags.integer({
      summary: 'Most commands that may be paid for, on Upstash (default 20,000).',
      helpValue: 'N',
      min: 1,
    }),
    jsonl: Flags.boolean({
      summary: 'Print one JSON document per key measured, a line each; the report comes last.',
    }),
    'fail-on': Flags.string({
      summary: `Exit 1 when there are such keys: ${RULES.join(',')}.`,
      helpValue: 'RULES',
    }),
    ...gentleFlag,
  }

  protected override readonly undoes = 'stopping after this page, then what was seen so far'

  protected async execute(context: Context<typeof Keys>): Promise<Outcome> {
    const { flags, signal, progress } = context
    if (flags.jsonl && (flags.json || flags.reporter !== undefined)) {
      throw new UsageError('CONFLICTING_FLAGS', '--jsonl contradicts --json and --reporter.', [
        'leave one of them out; with --jsonl the last line is the document that --json prints',
      ])
    }
    const perFamily = flags.sample === undefined && flags.jsonl ? Infinity : parseSample(flags.sample)
    const failOn = parseRules(flags['fail-on'])
    if (flags.family !== undefined && flags.match !== undefined) {
      throw new UsageError('CONFLICTING_FLAGS', '--family and --match contradict each other.', [
        'leave one of them out',
      ])
    }
    const { catalogueOf, familyNamed } = await import('../../src/ops/keyspace/families.js')
    const { nameServer, openServer } = await import('../../src/ops/keyspace/server.js')
    const { keyLines } = await import('../../src/ops/keyspace/key-lines.js')
    const { keyNaming } = await import('../../src/ops/keyspace/mask.js')
    const { inspectKeys } = await import('../../src/ops/keyspace/inventory.js')
    const { loadConfig } = await import('../../src/ops/config/load.js')
    const config = await loadConfig()
    const { environments } = config.settings
    const catalogue = catalogueOf(config)
    const nameOf = keyNaming(catalogue, flags['show-keys'])
    const family =
      flags.family === undefined ? null : familyNamed(catalogue, flags.family, (name) => `--family ${name}`)
    const named = nameServer({ url: flags.url, environment: process.env, environments, upstash: true })
    progress.update(`connecting to ${named.target.host}:${named.target.port}`)
    const server = await openServer(named, signal)
    try {
      const report = await inspectKeys(server, named, {
        catalogue,
        family,
        match: parseMatch(flags.match),
        perFamily,
        failOn,
        seed: flags.seed,
        limit: flags.limit ?? null,
        top: flags.top,
        showKeys: flags['show-keys'],
        noTtl: flags['no-ttl'],
        cursor: flags.cursor ?? null,
        maxCommands: flags['max-commands'],
        gentle: flags.gentle,
        signal,
        onEvent: (event) => {
          if (event.type === 'cost') context.warn(describeCost(event))
          else progress.update(describeProgress(event))
        },
        onMeasured: flags.jsonl ? (keys) => context.lines(keyLines(keys, nameOf)) : undefined,
      })
      return { report, text: (on, shown: KeysReport) => inAscii(keysText(shown, on), on) }
    } finally {
      server.close()
    }
  }
}
