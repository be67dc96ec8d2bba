import { Redis } from 'ioredis'
import { createTcpDoor } from '../../src/ops/faults/doors/tcp.js'
import type { TcpDoor } from '../../src/ops/faults/doors/door.js'
import { startUpstashEndpoint, type UpstashEndpoint } from '../../src/ops/sandbox/upstash/endpoint.js'
import type { RedisServer } from '../../src/ops/sandbox/sandbox.js'

/** A real Redis, empty and healthy, and a door in front of it. */
export interface World {
  readonly server: RedisServer
  readonly door: TcpDoor
  /** Redis behind the door: what the subject connects to. */
  readonly url: string
  /** Straight to Redis, to set the scene and to look at what became of it. */
  readonly raw: Redis
  /** Starts Upstash's REST interface over the same Redis. Its URL; the token is `dev`. */
  upstash(): Promise<string>
  close(): Promise<void>
}

export async function openWorld(server: RedisServer): Promise<World> {
  const raw = new Redis(server.url)
  await restore(raw)
  const door = await createTcpDoor({ upstream: { host: server.host, port: server.port } })
  const endpoints: UpstashEndpoint[] = []
  return {
    server,
    door,
    raw,
    url: `redis://${door.host}:${door.port}`,
    async upstash() {
      const endpoint = await startUpstashEndpoint({ redisUrl: server.url })
      endpoints.push(endpoint)
      return endpoint.url
    },
    async close() {
      await Promise.all(endpoints.map((endpoint) => endpoint.stop()))
      server.thaw()
      await restore(raw)
      raw.disconnect()
      await door.close()
    },
  }
}

async function restore(raw: Redis): Promise<void> {
  await raw.replicaof('NO', 'ONE')
  await raw.config('SET', 'requirepass', '')
  await raw.config('SET', 'maxmemory', '0')
  await raw.config('SET', 'maxmemory-policy', 'noeviction')
  await raw.flushall()
}
