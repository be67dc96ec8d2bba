// Quotes behind route handlers, kept at Upstash for a minute.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from '@upstash/redis'

const TTL_SECONDS = 60
const PAUSE_MS = 500
const MAX_UNSURE = 10_000

const redis = new Redis({
  url: process.env.UPSTASH_REDIS_REST_URL,
  token: process.env.UPSTASH_REDIS_REST_TOKEN,
  automaticDeserialization: false,
  enableTelemetry: false,
  retry: { retries: 0 },
  signal: () => AbortSignal.timeout(300),
})

const told = new Map()
function tell(what) {
  const now = Date.now()
  if (now - (told.get(what) ?? 0) < 10_000) return
  told.set(what, now)
  console.warn(`cache: ${what}`)
}

let pausedUntil = 0
async function attempt(command) {
  if (Date.now() < pausedUntil) return null
  try {
    return { reply: await command() }
  } catch (error) {
    tell(error.message)
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

let changes = 0
const cache = {
  get: async (key) => {
    if (unsure.has(key)) return null
    const answer = await attempt(() => redis.get(key))
    return answer?.reply && !unsure.has(key) ? JSON.parse(answer.reply) : null
  },
  set: (key, value) => attempt(() => redis.set(key, JSON.stringify(value), { ex: TTL_SECONDS })),
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

export async function POST() {
  const token = randomUUID()
  await attempt(() => redis.set(`session:${token}`, 'ann', { ex: TTL_SECONDS }))
  return Response.json({ token })
}

export async function account(request) {
  const token = request.headers.get('authorization')?.slice('Bearer '.length)
  const session = await attempt(() => redis.get(`session:${token}`))
  return Response.json({ user: session?.reply ?? 'guest' })
}

export async function GET(request, { params }) {
  const key = `quote:${params.id}`
  let quote = await cache.get(key)
  if (!quote) {
    const before = changes
    quote = await load(params.id)
    if (quote && before === changes) await cache.set(key, quote)
  }
  return Response.json(quote ?? { error: 'no such quote' }, { status: quote ? 200 : 404 })
}

export async function PUT(request, { params }) {
  const { version } = await request.json()
  rows.set(params.id, { id: params.id, version })
  await cache.del(`quote:${params.id}`)
  return Response.json({ id: params.id })
}

export async function DELETE(request, { params }) {
  rows.delete(params.id)
  await cache.del(`quote:${params.id}`)
  return Response.json({ id: params.id })
}

const handlers = { POST, GET, PUT, DELETE }
const pages = { '/health': () => Response.json({ ok: true }), '/account': account }
const server = createServer(async (incoming, outgoing) => {
  const url = new URL(incoming.url, 'http://localhost')
  const [, id] = /^\/articles\/([\w-]+)$/.exec(url.pathname) ?? []
  const handle = pages[url.pathname] ?? handlers[incoming.method]
  const chunks = []
  for await (const chunk of incoming) chunks.push(chunk)
  const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined
  const request = new Request(url, { method: incoming.method, headers: incoming.headers, body })
  const response = handle ? await handle(request, { params: { id } }) : new Response(null, { status: 405 })
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(await response.text())
})
server.listen(Number(process.env.PORT), '127.0.0.1')
