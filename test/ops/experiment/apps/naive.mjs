// What most applications run: try/catch around a client with its default options.
import { Redis } from 'ioredis5'
import { serve } from './http.mjs'

const redis = new Redis(process.env.REDIS_URL)
redis.on('error', () => {})

serve({
  'GET /health': () => ({ ok: true }),
  'GET /session': async () => {
    try {
      const found = await redis.get('session')
      if (found) return JSON.parse(found)
    } catch {
      // As most do.
    }
    const session = { user: 'u1' }
    try {
      await redis.set('session', JSON.stringify(session), 'EX', 300)
      if (process.env.COUNTS) await redis.incr('sessions:opened')
    } catch {
      // As most do.
    }
    return session
  },
})
