import { Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../src/cli/base-command.js'
import { EnvironmentError } from '../src/ops/report/errors.js'
import type { Report } from '../src/ops/report/report.js'
import type { RedisServer } from '../src/ops/sandbox/sandbox.js'
import type { UpstashEndpoint } from '../src/ops/sandbox/upstash/endpoint.js'

interface SandboxReport extends Report {
  command: 'sandbox'
  /** End this process (SIGINT or SIGTERM) to end the services. */
  pid: number
  /** What to export for an application that is to use the services. */
  env: { REDIS_URL: string; UPSTASH_REDIS_REST_URL: string; UPSTASH_REDIS_REST_TOKEN: string }
  services: {
    redis: { host: string; port: number; pid: number; version: string }
    /** `emulated`: it is ours, and answers 501 to what it does not support. */
    upstash: { host: string; port: number; emulated: true }
  }
}

export default class Sandbox extends BaseCommand<typeof Sandbox> {
  static override summary =
    'Start the embedded Redis, with an Upstash REST endpoint over it, and keep both running until Ctrl-C.'
  static override description =
    'A real redis-server (or valkey-server) on loopback, without persistence, in a throw-away directory. ' +
    'The environment to export goes to stdout as soon as it answers. When the command ends, however it ends, ' +
    'the server and the directory are gone.\n\n' +
    'The Upstash endpoint is emulated: it speaks the REST API over the same Redis and answers 501, with the name of the ' +
    'feature, to what it does not support. An application that is given both uses REDIS_URL.\n\n' +
    'The binary is the one that CACHE_REDIS_SERVER names, else redis-server or valkey-server from PATH.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --port 6380',
    '<%= config.bin %> <%= command.id %> --json > sandbox.json &',
  ]
  static override flags = {
    port: Flags.integer({ summary: 'Port for Redis (default: a free one).', min: 1, max: 65_535 }),
  }

  protected override readonly undoes = 'stopping the services'

  protected async execute({ flags, signal, publish }: Context<typeof Sandbox>): Promise<Outcome> {
    const { startSandbox } = await import('../src/ops/sandbox/start-sandbox.js')
    const { startUpstashEndpoint } = await import('../src/ops/sandbox/upstash/endpoint.js')
    const sandbox = await startSandbox({ port: flags.port, signal })
    const note = (text: string) => {
      if (!flags.quiet) this.logToStderr(text)
    }
    let endpoint: UpstashEndpoint | undefined
    let outcome: Outcome<SandboxReport>
    let death: string | undefined
    try {
      const { host, port, version, pid } = sandbox.redis
      endpoint = await startUpstashEndpoint({ redisUrl: sandbox.redis.url })
      outcome = outcomeOf(sandbox.redis, endpoint)
      note(`${version} on ${host}:${port}, process ${pid}. Ctrl-C stops it and removes everything.`)
      note(`Upstash REST on ${endpoint.host}:${endpoint.port}, emulated over the same Redis.`)
      await publish(outcome)
      death = await Promise.race([aborted(signal), sandbox.redis.died])
    } finally {
      await endpoint?.stop()
      await sandbox.stop()
    }
    if (death !== undefined)
      throw new EnvironmentError('SERVER_DIED', `${death}.`, ['start the sandbox again'])
    note('Stopped: the server and its directory are gone.')
    return outcome
  }
}

function outcomeOf(redis: RedisServer, upstash: UpstashEndpoint): Outcome<SandboxReport> {
  const { host, port, pid, version } = redis
  return {
    report: {
      schema: 'cache.sandbox/1',
      command: 'sandbox',
      verdict: 'pass',
      pid: process.pid,
      env: {
        REDIS_URL: redis.url,
        UPSTASH_REDIS_REST_URL: upstash.url,
        UPSTASH_REDIS_REST_TOKEN: upstash.token,
      },
      services: {
        redis: { host, port, pid, version },
        upstash: { host: upstash.host, port: upstash.port, emulated: true },
      },
    },
    text: () =>
      [
        `export REDIS_URL=${redis.url}`,
        '# Upstash, emulated over the same Redis. Where both are set, REDIS_URL is used: unset it first.',
        `export UPSTASH_REDIS_REST_URL=${upstash.url}`,
        `export UPSTASH_REDIS_REST_TOKEN=${upstash.token}`,
      ].join('\n'),
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    else signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}
