// Articles over plain HTTP, kept in Redis for a minute.
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

const TTL_SECONDS = 60
const DEADLINE_MS = 100
const PAUSE_MS = 500
const MAX_UNDELIVERED = 10_000

const redis = new Redis(process.env.REDIS_URL, {
  commandTimeout: DEADLINE_MS,
  connectTimeout: 1000,
  socketTimeout: 2000,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (attempt) => Math.min(attempt * 50, 250),
})
redis.on('error', noteFailure)

let isAway = false
let pausedUntil = 0
function noteFailure(error) {
  pausedUntil = Date.now() + PAUSE_MS
  if (isAway) return
  isAway = true
  console.warn(`cache is away: ${error.name}`)
}

const undelivered = new Map()
async function deliver() {
  for (const key of undelivered.keys()) {
    await redis.del(key)
    undelivered.delete(key)
  }
}

async function attempt(command) {
  if (Date.now() < pausedUntil) return null
  try {
    if (undelivered.size > 0) await deliver()
    const result = await command()
    if (isAway) console.warn('cache is back')
    isAway = false
    return result
  } catch (error) {
    noteFailure(error)
    return null
  }
}

const cache = {
  get: async (key) => {
    const text = await attempt(() => redis.get(key))
    return text === null || undelivered.has(key) ? null : JSON.parse(text)
  },
  set: (key, value) => attempt(() => redis.set(key, JSON.stringify(value), 'EX', TTL_SECONDS)),
  del: async (key) => {
    invalidations += 1
    undelivered.set(key, Date.now())
    if (undelivered.size > MAX_UNDELIVERED) undelivered.delete(undelivered.keys().next().value)
    await attempt(() => undefined)
  },
}

let invalidations = 0
const rows = new Map()
async function load(id) {
  await sleep(2)
  return rows.get(id) ?? null
}

const routes = {
  GET: async (id) => {
    let article = await cache.get(`article:${id}`)
    if (!article) {
      const before = invalidations
      article = await load(id)
      if (article && before === invalidations) await cache.set(`article:${id}`, article)
    }
    return article ? [200, article] : [404, { error: 'no such article' }]
  },
  PUT: async (id, body) => {
    rows.set(id, { id, version: JSON.parse(body).version })
    await cache.del(`article:${id}`)
    return [200, { id }]
  },
  DELETE: async (id) => {
    rows.delete(id)
    await cache.del(`article:${id}`)
    return [200, { id }]
  },
}

const server = createServer(async (request, response) => {
  const [, id] = /^\/articles\/([\w-]+)$/.exec(request.url) ?? []
  let body = ''
  for await (const chunk of request) body += chunk
  const route = request.url === '/health' ? () => [200, { ok: true }] : id && routes[request.method]
  const [status, content] = route ? await route(id, body) : [404, { error: 'not found' }]
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content))
})
// A start that takes longer than this does so without Redis.
await Promise.race([new Promise((resolve) => redis.once('ready', resolve)), sleep(1000)])
server.listen(Number(process.env.PORT), '127.0.0.1')
