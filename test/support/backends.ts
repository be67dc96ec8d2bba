import type { RedisBackend } from '../../src/library/backends/resolve.js'
import { startSandbox, type Sandbox } from '../../src/ops/sandbox/start-sandbox.js'
import { startUpstashEndpoint } from '../../src/ops/sandbox/upstash/endpoint.js'

/** What the library speaks to: Redis itself, and Upstash's REST interface over the same Redis. */
export const BACKENDS = ['redis', 'upstash'] as const

export interface BackendUnderTest {
  /** As an application configures it. */
  backend: RedisBackend
  /** What lies below, to look into and to break. */
  redis: Sandbox['redis']
  stop(): Promise<void>
}

export async function startBackend(kind: (typeof BACKENDS)[number]): Promise<BackendUnderTest> {
  const { redis, stop } = await startSandbox()
  if (kind === 'redis') return { backend: { backend: kind, url: redis.url }, redis, stop }
  const endpoint = await startUpstashEndpoint({ redisUrl: redis.url })
  const { url, token } = endpoint
  return {
    backend: { backend: kind, url, token },
    redis,
    async stop() {
      await endpoint.stop()
      await stop()
    },
  }
}
