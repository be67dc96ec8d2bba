import { Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../src/cli/base-command.js'
import { EnvironmentError } from '../src/ops/report/errors.js'
import type { Report } from '../src/ops/report/report.js'
import type { RedisServer } from '../src/ops/sandbox/sandbox.js'

interface SandboxReport extends Report {
  command: 'sandbox'
  /** End this process (SIGINT or SIGTERM) to end the services. */
  pid: number
  /** What to export for an application that is to use the services. */
  env: { REDIS_URL: string }
  services: { redis: { host: string; port: number; pid: number; version: string } }
}

export default class Sandbox extends BaseCommand<typeof Sandbox> {
  static override summary = 'Start the embedded Redis and keep it running until Ctrl-C.'
  static override description =
    'A real redis-server (or valkey-server) on loopback, without persistence, in a throw-away directory. ' +
    'The environment to export goes to stdout as soon as it answers. When the command ends, however it ends, ' +
    'the server and the directory are gone.\n\n' +
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
    const sandbox = await startSandbox({ port: flags.port, signal })
    const note = (text: string) => {
      if (!flags.quiet) this.logToStderr(text)
    }
    const outcome = outcomeOf(sandbox.redis)
    let death: string | undefined
    try {
      const { host, port, version, pid } = sandbox.redis
      note(`${version} on ${host}:${port}, process ${pid}. Ctrl-C stops it and removes everything.`)
      await publish(outcome)
      death = await Promise.race([aborted(signal), sandbox.redis.died])
    } finally {
      await sandbox.stop()
    }
    if (death !== undefined)
      throw new EnvironmentError('SERVER_DIED', `${death}.`, ['start the sandbox again'])
    note('Stopped: the server and its directory are gone.')
    return outcome
  }
}

function outcomeOf({ url, host, port, pid, version }: RedisServer): Outcome<SandboxReport> {
  return {
    report: {
      schema: 'cache.sandbox/1',
      command: 'sandbox',
      verdict: 'pass',
      pid: process.pid,
      env: { REDIS_URL: url },
      services: { redis: { host, port, pid, version } },
    },
    text: () => `export REDIS_URL=${url}`,
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    else signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}
