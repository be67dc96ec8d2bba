import { EnvironmentError } from '../report/errors.js'
import type { RedisServer } from '../sandbox/sandbox.js'
import { startSandbox as startServices } from '../sandbox/start-sandbox.js'
import { startUpstashEndpoint, type UpstashEndpoint } from '../sandbox/upstash/endpoint.js'

/** What to start, and where. */
export interface SandboxOptions {
  /** Port of the Redis server. @default a free one */
  port?: number
  /** Also starts the Upstash endpoint, which needs `ioredis` installed. @default false */
  upstash?: boolean
  /** Ends the start, not the sandbox. The promise then rejects with the signal's reason. */
  signal?: AbortSignal
}

/** Services of one's own on loopback. Two sandboxes share nothing: neither port, nor directory, nor process. */
export interface Sandbox {
  /** A real server, empty and without persistence; can be killed, frozen and started again. */
  readonly redis: RedisServer
  /** The REST API of Upstash, emulated over that same server; null unless asked for. */
  readonly upstash: UpstashEndpoint | null
  /** Ends everything and removes every trace. Idempotent. */
  stop(): Promise<void>
}

/** As it is when the endpoint was asked for. */
export interface SandboxWithUpstash extends Sandbox {
  /** The REST API of Upstash, emulated over that same server. */
  readonly upstash: UpstashEndpoint
}

/**
 * Starts a real redis-server (or valkey-server) on loopback, in a throw-away directory, and resolves once it answers.
 *
 * Whatever ends the process, a watchdog then ends the server and removes its directory; call `stop` all the same. The
 * binary is the one that `CACHE_REDIS_SERVER` names, else the one on PATH; nothing is installed. Not on Windows.
 *
 * @throws EnvironmentError whose message says what to do, and nothing is left running: `NO_REDIS_SERVER`,
 * `BAD_REDIS_SERVER`, `PORT_TAKEN`, `NO_DIRECTORY`, `SERVER_START_FAILED`, `NO_WATCHDOG`, `NO_UPSTASH_ENDPOINT`
 *
 * @example
 * const sandbox = await startSandbox({ upstash: true })
 * const client = createKeyValueClient({ backend: 'redis', url: sandbox.redis.url })
 * await sandbox.stop()
 */
export async function startSandbox(options: SandboxOptions & { upstash: true }): Promise<SandboxWithUpstash>
export async function startSandbox(options?: SandboxOptions): Promise<Sandbox>
export async function startSandbox({ port, signal, upstash = false }: SandboxOptions = {}): Promise<Sandbox> {
  const services = await startServices({ port, signal })
  let endpoint: UpstashEndpoint | null = null
  try {
    if (upstash) {
      endpoint = await startUpstashEndpoint({ redisUrl: services.redis.url })
      await answers(endpoint)
    }
  } catch (error) {
    await endpoint?.stop()
    await services.stop()
    throw error
  }
  return {
    redis: services.redis,
    upstash: endpoint,
    async stop() {
      await endpoint?.stop()
      await services.stop()
    },
  }
}

/** It speaks to Redis through ioredis, which nobody who uses Upstash alone has installed. */
async function answers({ url, token }: UpstashEndpoint): Promise<void> {
  const reply = await fetch(`${url}/ping`, { headers: { authorization: `Bearer ${token}` } })
  if (reply.ok) return void (await reply.arrayBuffer())
  throw new EnvironmentError(
    'NO_UPSTASH_ENDPOINT',
    `The Upstash endpoint cannot reach its Redis: ${await reply.text()}. It needs the package ioredis.`,
    ['npm install --save-dev ioredis'],
  )
}
