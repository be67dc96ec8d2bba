// Keeps in Redis what Supabase knows, with this library. README.md says what its callers notice when it loses Redis.
import { createClient } from '@supabase/supabase-js'
import express from 'express'
import * as library from 'transparent-cache'

// What differs from naive.mjs begins here.
const backend = library.resolveRedisBackend() // null without Redis, which is fine
const tenants = library.createTransparentCache(library.createKeyValueClient(backend), 'redis', {
  name: 'tenants',
})
const cache = {
  get: (key) => tenants.get(`tenant:${key}`),
  set: (key, value) => tenants.set(`tenant:${key}`, value),
  del: (key) => tenants.del(`tenant:${key}`),
}
const limiter = library.createRateLimiter(backend, {
  name: 'login',
  limit: 20,
  windowMs: 1000,
  onUnavailable: 'allow',
})
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
