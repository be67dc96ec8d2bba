// A cache and a limiter on Redis, the same on the REST API of Upstash, and both once more when Redis is gone.
import { createKeyValueClient, createRateLimiter, createTransparentCache } from 'transparent-cache'
import { startSandbox } from 'transparent-cache/testing'

const { redis, upstash, stop } = await startSandbox({ upstash: true })
async function serve(backend, when) {
  const name = backend.backend
  const cache = createTransparentCache(createKeyValueClient(backend), name, { deadlineMs: 2000 })
  const logins = createRateLimiter(backend, { name: 'login', limit: 3, windowMs: 60_000, deadlineMs: 2000 })
  console.log(when, name, await cache.getOrLoad('user:1', async () => `loaded for ${name}`))
  for (const login of [1, 2]) console.log(when, name, login, (await logins.limit('ada')).reason)
  await Promise.all([cache.close(), logins.close()])
}
const services = [
  { backend: 'redis', url: redis.url },
  { backend: 'upstash', url: upstash.url, token: upstash.token },
]
for (const service of services) await serve(service, 'with Redis:')
await redis.kill()
for (const service of services) await serve(service, 'without it:')
await stop()
