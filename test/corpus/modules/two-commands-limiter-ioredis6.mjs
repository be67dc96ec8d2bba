// A limiter that never allows more than it says in any window: ten slots of server time, counted and decided in one script.
import { Redis } from 'ioredis'

const LIMIT = 20
const WINDOW_MS = 1000
const SLOTS = 10
const DEADLINE_MS = 100
const OUTAGE = 3

// KEYS: a hash from the number of a slot to its count. ARGV: limit, ms of a slot, slots.
const COUNT = `
local time = redis.call('TIME')
local slot = math.floor((time[1] * 1000 + time[2] / 1000) / ARGV[2])
local oldest = slot - ARGV[3]
local used = 0
local counts = redis.call('HGETALL', KEYS[1])
for index = 1, #counts, 2 do
  if tonumber(counts[index]) < oldest then redis.call('HDEL', KEYS[1], counts[index])
  else used = used + counts[index + 1] end
end
if used >= tonumber(ARGV[1]) then return 0 end
redis.call('HINCRBY', KEYS[1], slot, 1)
return 1`

export function createLimiter({ redisUrl }) {
  return new Limiter(redisUrl === null ? null : connect(redisUrl))
}

function connect(url) {
  const redis = new Redis(url, {
    connectTimeout: 1000,
    commandTimeout: 2 * DEADLINE_MS,
    socketTimeout: 5000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(50 * attempt, 250),
  })
  redis.on('error', () => {})
  return redis
}

class Limiter {
  #redis
  /** In a row. One alone is a slow answer and no outage. */
  #failures = 0

  constructor(redis) {
    this.#redis = redis
  }

  async limit(identifier) {
    const key = `limits:login:${encodeURIComponent(identifier)}`
    try {
      if (!this.#redis) throw new Error('no Redis')
      const slotMs = WINDOW_MS / SLOTS
      const reply = await within(DEADLINE_MS, this.#redis.eval(COUNT, 1, key, LIMIT, slotMs, SLOTS))
      if (reply === 1) await within(DEADLINE_MS, this.#redis.pexpire(key, slotMs * (SLOTS + 1)))
      this.#note(0)
      return { allowed: Boolean(reply), reason: reply ? 'ok' : 'limited' }
    } catch {
      this.#note(this.#failures + 1)
      return { allowed: true, reason: 'unavailable' }
    }
  }

  async close() {
    this.#redis?.disconnect()
  }

  #note(failures) {
    if (failures === OUTAGE) console.error('limiter: cannot count, lets all through')
    if (failures === 0 && this.#failures >= OUTAGE) console.error('limiter: counts')
    this.#failures = failures
  }
}

/** Answers that are there already go before the deadline, however late the timer is. */
function within(ms, promise) {
  return new Promise((resolve, reject) => {
    const late = () => setImmediate(() => setImmediate(() => reject(new Error('no answer in time'))))
    const timer = setTimeout(late, ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
