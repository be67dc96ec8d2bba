import { resolve } from 'node:path'
import { execa } from 'execa'
import { EnvironmentError } from '../report/errors.js'
import { installCommand } from './install-command.js'
import { isExecutable, onPath } from './on-path.js'

export interface ServerBinary {
  path: string
  /** Name and version as the binary prints them, such as `redis-server 7.0.15` or `valkey-server 8.0.1`. */
  version: string
}

const NAMES = ['redis-server', 'valkey-server']
const VERSION_DEADLINE_MS = 10_000

/**
 * The server binary to use: `CACHE_REDIS_SERVER` (a path, or a name on PATH) when it is set, else `redis-server` or
 * `valkey-server` from PATH.
 *
 * Throws EnvironmentError: `BAD_REDIS_SERVER` when the variable names something unusable (PATH is not tried then: the
 * run would be on another server than the one asked for), `NO_REDIS_SERVER` when there is none.
 */
export async function findServer(env: NodeJS.ProcessEnv = process.env): Promise<ServerBinary> {
  const wanted = env['CACHE_REDIS_SERVER']
  if (wanted) {
    const path = wanted.includes('/') ? resolve(wanted) : onPath(wanted, env)
    const version = path !== null && isExecutable(path) ? await versionOf(path) : null
    if (path !== null && version !== null) return { path, version }
    throw new EnvironmentError(
      'BAD_REDIS_SERVER',
      `CACHE_REDIS_SERVER=${JSON.stringify(wanted)} is not a usable redis-server or valkey-server`,
      [
        'set CACHE_REDIS_SERVER to the path of a server binary, or unset it to search PATH',
        installCommand(env),
      ],
    )
  }
  for (const name of NAMES) {
    const path = onPath(name, env)
    const version = path === null ? null : await versionOf(path)
    if (path !== null && version !== null) return { path, version }
  }
  throw new EnvironmentError('NO_REDIS_SERVER', `no working ${NAMES.join(' or ')} on PATH`, [
    installCommand(env),
  ])
}

async function versionOf(path: string): Promise<string | null> {
  const { stdout } = await execa(path, ['--version'], {
    reject: false,
    stdin: 'ignore',
    timeout: VERSION_DEADLINE_MS,
    forceKillAfterDelay: 100,
    maxBuffer: 10_000,
  })
  const [, name, version] = /^(Redis|Valkey) server v=(\d[\w.-]*)/.exec(stdout ?? '') ?? []
  return name && version ? `${name.toLowerCase()}-server ${version}` : null
}
