// Everything of a cache, an invalidation and a limiter, with this package: what an outage must not be noticed by.
import {
  createKeyValueClient,
  createRateLimiter,
  createTransparentCache,
} from '../../../../dist/library/index.js'
import { serve } from './http.mjs'

const backend = process.env.UPSTASH_REDIS_REST_URL
  ? {
      backend: 'upstash',
      url: process.env.UPSTASH_REDIS_REST_URL,
      token: process.env.UPSTASH_REDIS_REST_TOKEN,
    }
  : { backend: 'redis', url: process.env.REDIS_URL }
const cache = createTransparentCache(createKeyValueClient(backend), backend.backend, { name: 'app' })
const limiter = createRateLimiter(backend, { name: 'login', limit: 5, windowMs: 500, onUnavailable: 'deny' })
const source = new Map()

async function readPolicies() {
  const { SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: key } = process.env
  const answer = await fetch(`${url}/rest/v1/tenant_llm_policies?select=tenant_id&limit=1`, {
    headers: { apikey: key, authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(3000),
  })
  if (!answer.ok) throw new Error(`Supabase answered ${answer.status}`)
  return { policies: await answer.json() }
}

serve({
  'GET /policies': () => cache.getOrLoad('policies', readPolicies),
  'GET /health': () => ({ ok: true }),
  'GET /session': () => cache.getOrLoad('session', async () => ({ user: 'u1' })),
  'GET /items/:key': async ({ key }) => {
    const found = await cache.getOrLoad(key, async () => ({ version: source.get(key) ?? null }))
    return found?.version === null || !found ? { status: 404 } : found
  },
  'PUT /items/:key': async ({ key, body }) => {
    const { version } = JSON.parse(body)
    source.set(key, version)
    await cache.set(key, { version })
  },
  'DELETE /items/:key': async ({ key }) => {
    source.delete(key)
    await cache.del(key)
  },
  'POST /login': async () => ((await limiter.check('drill')) ? {} : { status: 429 }),
})
