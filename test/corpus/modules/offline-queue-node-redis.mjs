// The client of an application that uses node-redis, and the cache of transparent-cache over it.
import { createClient } from 'redis'
import { createTransparentCache } from 'transparent-cache'

const DEADLINE_MS = 5000

export function createCache({ redisUrl }) {
  if (redisUrl === null) return createTransparentCache(null, null, { name: 'items' })
  const client = createClient({
    url: redisUrl,
    // Also what is idle is looked at, so that a connection without an answer is none.
    pingInterval: 500,
    socket: {
      connectTimeout: 1000,
      socketTimeout: 2000,
      reconnectStrategy: (attempt) => Math.min(50 * (attempt + 1), 250),
    },
  })
  client.on('error', () => {})
  const connected = client.connect().catch(() => {})
  return createTransparentCache(backendOver(client, connected), 'redis', {
    name: 'items',
    ttl: 60,
    deadlineMs: DEADLINE_MS,
  })
}

function backendOver(client, connected) {
  let offsetMs = null
  const listeners = new Set()
  client.on('ready', async () => {
    const time = await client.time().catch(() => null)
    if (time !== null) offsetMs = Number(time[0]) * 1000 + Number(time[1]) / 1000 - Date.now()
    for (const listener of listeners) listener()
  })
  return {
    started: connected.then(() => {}),
    get: (key) => client.get(key),
    set: (key, text, ttl) => client.set(key, text, { PX: Math.ceil((ttl ?? 60) * 1000) }),
    del: (key) => client.del(key),
    ping: () => client.ping(),
    eval: (script, keys, args) => client.eval(script.lua, { keys: [...keys], arguments: [...args] }),
    serverNow: () => (offsetMs === null ? null : Date.now() + offsetMs),
    onReady: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => client.destroy(),
  }
}
