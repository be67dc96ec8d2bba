// Keeps in Redis what Supabase knows, as most services do. README.md says what its callers notice when it loses Redis.
import { createClient } from '@supabase/supabase-js'
import express from 'express'
import { Redis } from 'ioredis'

// What differs from fixed.mjs begins here.
// cache-audit-ignore R11: careless on purpose, this is what a drill shows to fail
const redis = new Redis(process.env.REDIS_URL)
redis.on('error', () => {})
const swallow = () => null
const cache = {
  get: (key) => redis.get(`tenant:${key}`).then(JSON.parse).catch(swallow),
  set: (key, value) => redis.set(`tenant:${key}`, JSON.stringify(value), 'EX', 300).catch(swallow),
  del: (key) => redis.del(`tenant:${key}`).catch(swallow),
}
const limiter = {
  check: async (ip) => {
    const key = `login:${ip}:${Math.floor(Date.now() / 1000)}`
    const count = await redis.incr(key).catch(swallow)
    await redis.expire(key, 2).catch(swallow)
    return count <= 20
  },
}
// What differs ends here.

const { PORT = '3000', SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY } = process.env
// Node 20 has no WebSocket; who uses realtime there gives a real one.
const node20 = { realtime: { transport: class {} } }
const supabase = createClient(SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, node20)
const configs = () => supabase.from('conversation_configs')

async function load(id) {
  const { data } = await configs().select('settings').eq('tenant_id', id).maybeSingle().throwOnError()
  return data ? { id, version: data.settings.version } : { id, version: null }
}

const app = express()
app.use(express.json())
app.get('/health', (request, response) => response.json({ ok: true }))

app.get('/api/tenants/:id', async ({ params: { id } }, response) => {
  let tenant = await cache.get(id)
  if (!tenant) {
    tenant = await load(id)
    await cache.set(id, tenant)
  }
  response.status(tenant.version === null ? 404 : 200).json(tenant)
})

app.put('/api/tenants/:id', async ({ params: { id }, body: { version } }, response) => {
  await configs().upsert({ tenant_id: id, settings: { version } }).throwOnError()
  await cache.del(id)
  response.json({ id, version })
})

app.delete('/api/tenants/:id', async ({ params: { id } }, response) => {
  await configs().delete().eq('tenant_id', id).throwOnError()
  await cache.del(id)
  response.json({ id })
})

app.post('/api/login', async (request, response) => {
  const allowed = await limiter.check(request.ip)
  response.status(allowed ? 200 : 429).json({ allowed })
})

app.use((error, request, response, next) => {
  if (response.headersSent) return next(error)
  response.status(503).json({ error: 'unavailable' })
})
app.listen(Number(PORT), '127.0.0.1')
