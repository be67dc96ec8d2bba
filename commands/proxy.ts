import { Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../src/cli/base-command.js'
import { durationFlag } from '../src/cli/duration-flag.js'
import { chosenIn, proxyNarrowingFlags } from '../src/cli/narrowing-flags.js'
import { progressMode } from '../src/cli/progress.js'
import { openSession, type Session } from '../src/cli/views/proxy-session.js'
import { faultText, liftedText, NAME_OF, proxyText } from '../src/cli/views/proxy.js'
import { requireDrillsAllowed } from '../src/ops/config/drills-allowed.js'
import { identifyTarget, requireConfirmation, type Target } from '../src/ops/config/target-guard.js'
import type { Fault } from '../src/ops/faults/fault.js'
import type { Narrowing } from '../src/ops/faults/narrowing.js'
import type { DoorEvent } from '../src/ops/proxy/faulty-door.js'
import { PROXIED, type ProxyReport } from '../src/ops/report/proxy-report.js'

export default class Proxy extends BaseCommand<typeof Proxy> {
  static override summary =
    'Put a faulty door between a running application and its Redis, Upstash or Supabase.'
  static override description =
    'Start the application with the variable that is printed, and its traffic goes through a door of this process, on ' +
    'loopback, to its own server. Then take that server away: by a key on a terminal, by --fault, or by the HTTP control ' +
    'port, which docs/drills/proxy.md describes. The server itself is left alone, and whoever reaches it another way ' +
    'notices nothing. Where it speaks TLS, so does the door; the application speaks plain to the door. The fault lives ' +
    'in this process: when that ends, in any way, the application finds a closed port.\n\n' +
    'The server is the one that the environment names (REDIS_URL, UPSTASH_REDIS_REST_URL, SUPABASE_URL), that of --env, ' +
    'or --url. One that counts as production (any that cache.config does not declare otherwise) wants --confirm NAME; ' +
    'one of cache sandbox does not.\n\n' +
    'Exit code 3: the server cannot be reached. 4: refused, as is a Redis Cluster: its clients would go past the door.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --to redis',
    '<%= config.bin %> <%= command.id %> --to redis --port 6390 --fault stall --for 10s',
    '<%= config.bin %> <%= command.id %> --to redis --fault oom --family app:session: --probability 0.3',
    '<%= config.bin %> <%= command.id %> --to supabase --env staging --json > proxy.json &',
  ]
  static override flags = {
    to: Flags.option({ summary: 'What stands behind the door.', options: PROXIED, required: true })(),
    url: Flags.string({
      summary: 'The server, without credentials (default: the variable of the application).',
      helpValue: 'URL',
      exclusive: ['env'],
    }),
    env: Flags.string({
      summary: 'Environment of the project file whose server is meant, by its variables.',
      helpValue: 'NAME',
    }),
    port: Flags.integer({ summary: 'Port of the door (default: a free one).', min: 1, max: 65_535 }),
    'control-port': Flags.integer({
      summary: 'Port for programs that say what is wrong (default: 0, a free one).',
      min: 0,
      max: 65_535,
    }),
    fault: Flags.string({ summary: 'What is wrong from the start (default: nothing).', helpValue: 'NAME' }),
    for: durationFlag({
      summary: 'How long that fault lasts (default: until it is lifted).',
      minMs: 100,
      maxMs: 86_400_000,
      dependsOn: ['fault'],
    }),
    ...proxyNarrowingFlags,
    confirm: Flags.string({
      summary: 'Name of the target, where it counts as production.',
      helpValue: 'NAME',
    }),
  }

  protected override readonly undoes = 'lifting the fault and closing the door'

  protected async execute({ flags, signal, progress, publish }: Context<typeof Proxy>): Promise<Outcome> {
    requireDrillsAllowed('open a faulty door', process.env)
    const { faultNamed, faultsAt, PROTOCOL_OF } = await import('../src/ops/proxy/faults.js')
    const { openProxy } = await import('../src/ops/proxy/open-proxy.js')
    const { proxyReport } = await import('../src/ops/proxy/report.js')
    const protocol = PROTOCOL_OF[flags.to]
    const named = (name: string) => faultNamed(name, protocol, (meant) => `--fault ${meant}`)
    const fault = flags.fault === undefined ? undefined : named(flags.fault)
    const narrowing = fault && (await narrowingOf(flags, fault, faultsAt(protocol)))
    const { url, target } = await targetOf(flags, signal)
    requireConfirmation(target, 'put a faulty door in front of an application', flags.confirm)

    const isRead = flags.json || flags.reporter === 'json'
    let session: Session | undefined
    const note = (text: string) => {
      if (!flags.quiet) this.logToStderr(text)
    }
    const say = (event: DoorEvent) => (session?.note ?? note)(words(event))
    const proxy = await openProxy({
      to: flags.to,
      url,
      port: flags.port,
      controlPort: flags['control-port'],
      fault,
      narrowing,
      forMs: flags.for,
      signal,
      onEvent: say,
    })
    const report = proxyReport(flags.to, { url, target, proxy })
    const outcome: Outcome<ProxyReport> = { report, text: (_terminal, shown) => proxyText(shown) }
    try {
      note(
        `Door on ${report.proxy.host}:${report.proxy.port} to the ${NAME_OF[flags.to]} of ${target.name}. Ctrl-C closes it.`,
      )
      await publish(outcome)
      await new Promise<void>((quit) => {
        signal.addEventListener('abort', () => quit(), { once: true })
        if (signal.aborted) quit()
        if (isRead || flags.quiet) return
        session = openSession({
          faults: report.faults,
          steered: {
            status: () => proxy.door.status(),
            open: () => proxy.door.open(),
            apply: (name) => proxy.door.apply(named(name)),
            quit,
          },
          progress:
            progressMode({ json: isRead, quiet: flags.quiet }, process.stderr) === 'spinner'
              ? progress
              : null,
          note,
        })
      })
    } finally {
      session?.close()
      await proxy.stop()
    }
    note(`The door is closed: start the application with its own ${Object.keys(report.env)[0]} again.`)
    return outcome
  }
}

type Flags = Context<typeof Proxy>['flags']

async function narrowingOf(
  flags: Flags,
  fault: Fault,
  known: readonly Fault[],
): Promise<Narrowing | undefined> {
  const { narrowingFor } = await import('../src/ops/experiment/narrow.js')
  const { catalogueOf } = await import('../src/ops/keyspace/families.js')
  const { familyOrPrefix } = await import('../src/ops/keyspace/family-or-prefix.js')
  const { loadConfig } = await import('../src/ops/config/load.js')
  const catalogue = catalogueOf(await loadConfig())
  const narrowing = await narrowingFor(chosenIn(flags), {
    seed: 1,
    familyOf: (name) => familyOrPrefix(catalogue, name, (meant) => `--family ${meant}`),
    drills: [fault],
    known,
    spell: (setting, value = '') => `--${setting === 'drill' ? 'fault' : setting} ${value}`.trim(),
  })
  return narrowing ?? undefined
}

/** Which server is meant, once it has been asked whether a door can stand in front of it and whether it is one of ours. */
async function targetOf(
  { to, url: given, env }: Flags,
  signal: AbortSignal,
): Promise<{ url: string; target: Target }> {
  const { loadConfig } = await import('../src/ops/config/load.js')
  const { environmentNamed } = await import('../src/ops/config/named-environment.js')
  const { isSandboxRedis, isSandboxRest } = await import('../src/ops/proxy/look.js')
  const { environments } = (await loadConfig()).settings
  const environment = environmentNamed(env, { env: process.env, environments })
  const identified = (url: string, isOurs: boolean) => {
    const target = identifyTarget({ url, environments })
    return { url, target: { ...target, production: target.production && !isOurs } }
  }
  if (to !== 'redis') {
    const { restUrl } = await import('../src/ops/proxy/upstream.js')
    const url = restUrl(to, given, environment)
    return identified(url, await isSandboxRest(url))
  }
  if (!given && !environment['REDIS_URL']?.trim()) {
    const { noTarget } = await import('../src/ops/proxy/upstream.js')
    throw noTarget('redis', ['export REDIS_URL=redis://host:6379', 'or --url redis://host:6379'])
  }
  const { nameServer, openServer } = await import('../src/ops/keyspace/server.js')
  const named = nameServer({
    url: given,
    environment: { ...environment, CACHE_PROVIDER: 'redis' },
    environments,
  })
  const server = await openServer(named, signal)
  try {
    return identified(
      named.url,
      await isSandboxRedis(server.client.send.bind(server.client), named.target.host),
    )
  } finally {
    server.close()
  }
}

function words(event: DoorEvent): string {
  if (event.type === 'fault') return faultText(event.fault)
  if (event.type === 'lifted') return liftedText(event.fault)
  return `The door could not be opened again: ${event.why}. It is tried once more.`
}
