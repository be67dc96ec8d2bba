// Settings of tenants: Supabase knows them, Redis keeps them for a minute.
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '@supabase/supabase-js'
import fastify from 'fastify'
import { Redis } from 'ioredis5'

const { PORT, REDIS_URL, SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY } = process.env
const TTL_SECONDS = 60
const PAUSE_MS = 500
const MAX_UNSURE = 10_000

// Node 20 has no WebSocket; who uses realtime there gives a real one.
const supabase = createClient(SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, {
  realtime: { transport: class {} },
  global: { fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(2000) }) },
})
const configs = () => supabase.from('conversation_configs')

const redis = new Redis(REDIS_URL, {
  connectTimeout: 1000,
  autoResendUnfulfilledCommands: false,
  retryStrategy: (attempt) => Math.min(attempt * 50, 250),
})
redis.on('error', (error) => tell(`cache: ${error.code ?? error.name}`))

const told = new Map()
function tell(what) {
  const now = Date.now()
  if (now - (told.get(what) ?? 0) < 10_000) return
  told.set(what, now)
  console.warn(what)
}

let pausedUntil = 0
async function attempt(command) {
  if (Date.now() < pausedUntil) return null
  try {
    return { reply: await command() }
  } catch (error) {
    tell(`cache: ${error.code ?? error.name}`)
    if (error.name !== 'ReplyError') pausedUntil = Date.now() + PAUSE_MS
    return null
  }
}

const unsure = new Set()
setInterval(async () => {
  for (const key of unsure) {
    if (!(await attempt(() => redis.del(key)))) return
    unsure.delete(key)
  }
}, 250).unref()

let changes = 0
const cache = {
  get: async (key) => {
    if (unsure.has(key)) return null
    const answer = await attempt(() => redis.get(key))
    return answer?.reply && !unsure.has(key) ? JSON.parse(answer.reply) : null
  },
  set: (key, value) => attempt(() => redis.set(key, JSON.stringify(value), 'EX', TTL_SECONDS)),
  del: async (key) => {
    changes += 1
    unsure.add(key)
    if (unsure.size > MAX_UNSURE) unsure.delete(unsure.values().next().value)
    if (await attempt(() => redis.del(key))) unsure.delete(key)
  },
}

async function load(id) {
  const { data } = await configs()
    .select('settings')
    .eq('tenant_id', id)
    .maybeSingle()
    .retry(false)
    .throwOnError()
  return { id, version: data?.settings.version ?? null }
}

async function tenantOf(id) {
  const key = `tenant:${id}`
  const cached = await cache.get(key)
  if (cached) return cached
  const before = changes
  const tenant = await load(id)
  if (before === changes) await cache.set(key, tenant)
  return tenant
}

async function changed(id, change) {
  try {
    await change.throwOnError()
  } finally {
    await cache.del(`tenant:${id}`)
  }
  return { id }
}

const app = fastify()
app.setErrorHandler((error, request, reply) => {
  tell(`database: ${error.code ?? error.name}`)
  reply.status(503).send({ error: 'unavailable' })
})
app.get('/health', () => ({ ok: true }))
app.get('/articles/:id', async ({ params: { id } }, reply) => {
  const tenant = await tenantOf(id)
  return reply.status(tenant.version === null ? 404 : 200).send(tenant)
})
app.put('/articles/:id', ({ params: { id }, body: { version } }) =>
  changed(id, configs().upsert({ tenant_id: id, settings: { version } })),
)
app.delete('/articles/:id', ({ params: { id } }) => changed(id, configs().delete().eq('tenant_id', id)))
// A start that takes longer than this does so without Redis.
await Promise.race([new Promise((resolve) => redis.once('ready', resolve)), sleep(1000)])
await app.listen({ port: Number(PORT), host: '127.0.0.1' })
