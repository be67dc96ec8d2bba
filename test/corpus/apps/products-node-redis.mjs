// Products of a shop, kept in Redis for a minute.
import { setTimeout as sleep } from 'node:timers/promises'
import express from 'express'
import { createClient } from 'redis'

const TTL_SECONDS = 60
const DEADLINE_MS = 100
const PAUSE_MS = 500
const MAX_UNSURE = 10_000

const redis = createClient({
  url: process.env.REDIS_URL,
  disableOfflineQueue: true,
  commandsQueueMaxLength: 1000,
  socket: {
    connectTimeout: 1000,
    socketTimeout: 2000,
    reconnectStrategy: (attempt) => Math.min(attempt * 50, 250),
  },
})
redis.on('error', (error) => tell(error.code ?? error.name))
redis.connect().catch(() => {})

const told = new Map()
function tell(what) {
  const now = Date.now()
  if (now - (told.get(what) ?? 0) < 10_000) return
  told.set(what, now)
  console.warn(`cache: ${what}`)
}

function inTime(promise) {
  let timer
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), DEADLINE_MS)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

let pausedUntil = 0
async function attempt(command) {
  if (Date.now() < pausedUntil) return null
  try {
    return { reply: await inTime(command()) }
  } catch (error) {
    tell(error.code ?? error.name)
    pausedUntil = Date.now() + PAUSE_MS
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

function revive(name, value) {
  return name === 'at' ? new Date(value) : value
}

let changes = 0
const cache = {
  get: async (key) => {
    if (unsure.has(key)) return null
    const answer = await attempt(() => redis.get(key))
    return answer?.reply && !unsure.has(key) ? JSON.parse(answer.reply, revive) : null
  },
  set: (key, value) =>
    attempt(() => redis.set(key, JSON.stringify(value), { expiration: { type: 'EX', value: TTL_SECONDS } })),
  del: async (key) => {
    changes += 1
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
  const key = `product:${id}`
  let product = await cache.get(key)
  if (!product) {
    const before = changes
    product = await load(id)
    if (product && before === changes) await cache.set(key, product)
  }
  if (!product) return response.status(404).json({ error: 'no such product' })
  const reviews = [...product.reviews].sort((left, right) => right.at - left.at)
  response.json({ ...product, reviews: reviews.map(({ text }) => text) })
})

app.put('/articles/:id', async ({ params: { id }, body: { version } }, response) => {
  const reviews = ['first', 'second', 'third'].map((text, at) => ({ text, at: new Date(2026, 0, 1 + at) }))
  rows.set(id, { id, version, reviews })
  await cache.del(`product:${id}`)
  response.json({ id })
})

app.delete('/articles/:id', async ({ params: { id } }, response) => {
  rows.delete(id)
  await cache.del(`product:${id}`)
  response.json({ id })
})

// A start that takes longer than this does so without Redis.
await Promise.race([new Promise((resolve) => redis.once('ready', resolve)), sleep(1000)])
app.listen(Number(process.env.PORT), '127.0.0.1')
