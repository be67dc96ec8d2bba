// Sessions with a login that may be tried ten times a second.
import { setTimeout as sleep } from 'node:timers/promises'
import express from 'express'
import { Redis } from 'ioredis5'

const PAUSE_MS = 500
const redis = new Redis(process.env.REDIS_URL, {
  commandTimeout: 100,
  connectTimeout: 1000,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (attempt) => Math.min(attempt * 50, 250),
})
redis.on('error', (error) => tell(error.code ?? error.name))
redis.defineCommand('take', {
  numberOfKeys: 1,
  lua: `
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
    if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
    redis.call('ZADD', KEYS[1], now, ARGV[3])
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return 1`,
})

const told = new Map()
function tell(what) {
  const now = Date.now()
  if (now - (told.get(what) ?? 0) < 10_000) return
  told.set(what, now)
  console.warn(`redis: ${what}`)
}

let pausedUntil = 0
async function ask(command) {
  if (Date.now() < pausedUntil) throw new Error('redis is away')
  try {
    return await command()
  } catch (error) {
    tell(error.code ?? error.name)
    if (error.name !== 'ReplyError') pausedUntil = Date.now() + PAUSE_MS
    throw error
  }
}

let taken = 0
async function mayLogIn(ip) {
  const member = `${process.pid}:${(taken += 1)}`
  try {
    return (await ask(() => redis.take(`login:${ip}`, 10, 1000, member))) === 1
  } catch {
    tell('logins are denied, as they cannot be counted')
    return false
  }
}

const accounts = new Map()
async function load(id) {
  await sleep(2)
  return accounts.get(id) ?? null
}

const app = express()
app.use(express.json())
app.get('/health', (request, response) => response.json({ ok: true }))

app.post('/login', async (request, response) => {
  const isAllowed = await mayLogIn(request.ip)
  response.status(isAllowed ? 200 : 429).json({ isAllowed })
})

app.get('/articles/:id', async ({ params: { id } }, response) => {
  const text = await ask(() => redis.get(`session:${id}`)).catch(() => null)
  const cached = text === null ? null : JSON.parse(text)
  const account = await load(id)
  if (!account) return response.status(404).json({ error: 'no such session' })
  const session = { ...account, visits: (cached?.visits ?? 0) + 1 }
  ask(() => redis.set(`session:${id}`, JSON.stringify(session), 'EX', 60))
  response.json(session)
})

app.put('/articles/:id', ({ params: { id }, body: { version } }, response) => {
  accounts.set(id, { id, version })
  response.json({ id })
})

app.delete('/articles/:id', ({ params: { id } }, response) => {
  accounts.delete(id)
  response.json({ id })
})

// A start that takes longer than this does so without Redis.
await Promise.race([new Promise((resolve) => redis.once('ready', resolve)), sleep(1000)])
app.listen(Number(process.env.PORT), '127.0.0.1')
