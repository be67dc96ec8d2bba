// Profiles, written through to Redis, so that the first read after a change is a hit.
import { setTimeout as sleep } from 'node:timers/promises'
import express from 'express'
import { Redis } from 'ioredis'

const TTL_SECONDS = 60
const MAX_UNSURE = 10_000

const redis = new Redis(process.env.REDIS_URL, {
  commandTimeout: 100,
  connectTimeout: 1000,
  socketTimeout: 2000,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (attempt) => Math.min(attempt * 50, 250),
})
redis.on('error', (error) => tell(error.code ?? error.name))

const told = new Map()
function tell(what) {
  const now = Date.now()
  if (now - (told.get(what) ?? 0) < 10_000) return
  told.set(what, now)
  console.warn(`cache: ${what}`)
}

let isOff = false
async function attempt(command) {
  if (isOff) return null
  try {
    return { reply: await command() }
  } catch (error) {
    const isRefusal = error.name === 'ReplyError'
    tell(isRefusal ? error.message.split(' ')[0] : (error.code ?? error.name))
    if (!isRefusal) isOff = true
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

function profileIn(text, id) {
  try {
    const profile = JSON.parse(text)
    return profile?.id === id && Number.isInteger(profile.version) ? profile : null
  } catch {
    return null
  }
}

const cache = {
  get: async (id) => {
    const key = `profile:${id}`
    if (unsure.has(key)) return null
    const answer = await attempt(() => redis.get(key))
    return answer && !unsure.has(key) ? profileIn(answer.reply, id) : null
  },
  put: async (profile) => {
    const key = `profile:${profile.id}`
    const stored = await attempt(() => redis.set(key, JSON.stringify(profile), 'EX', TTL_SECONDS))
    if (!stored) await cache.del(profile.id)
  },
  del: async (id) => {
    const key = `profile:${id}`
    unsure.add(key)
    if (unsure.size > MAX_UNSURE) unsure.delete(unsure.values().next().value)
    if (await attempt(() => redis.del(key))) unsure.delete(key)
  },
}

const rows = new Map()
async function load(id) {
  await sleep(2)
  return rows.get(id) ?? null
}

const app = express()
app.use(express.json())
app.get('/health', (request, response) => response.json({ ok: true }))

app.get('/articles/:id', async ({ params: { id } }, response) => {
  let profile = await cache.get(id)
  if (!profile) {
    profile = await load(id)
    if (profile) await cache.put(profile)
  }
  response.status(profile ? 200 : 404).json(profile ?? { error: 'no such profile' })
})

app.put('/articles/:id', async ({ params: { id }, body: { version } }, response) => {
  const profile = { id, version }
  rows.set(id, profile)
  await cache.put(profile)
  response.json(profile)
})

app.delete('/articles/:id', async ({ params: { id } }, response) => {
  rows.delete(id)
  await cache.del(id)
  response.json({ id })
})

// A start that takes longer than this does so without Redis.
await Promise.race([new Promise((resolve) => redis.once('ready', resolve)), sleep(1000)])
app.listen(Number(process.env.PORT), '127.0.0.1')
