// Leases over ioredis: an invalidation leaves a mark for a few seconds, and a value is stored only where its reader's mark still
// stands. Without Redis every read is a load.
import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'

const TTL_MS = 60_000
const MARK = 'M'
const MARK_MS = 5000
const DEADLINE_MS = 100
const PROBE_MS = 150
/** Failures in a row. One alone is a slow answer and no outage. */
const OUTAGE = 3
const MOST_OWED = 10_000
const ANY = '*'

// KEYS: key. ARGV: text, its time to live, last instant in ms of the server's clock, what the reader has found.
const STORE = `
local time = redis.call('TIME')
if time[1] * 1000 + time[2] / 1000 > tonumber(ARGV[3]) then return 'late' end
local current = redis.call('GET', KEYS[1]) or ''
local isMark = string.sub(current, 1, 1) == '${MARK}'
if current ~= ARGV[4] and (isMark or ARGV[4] ~= '${ANY}') then return 'overtaken' end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 'stored'`

export function createCache({ redisUrl }) {
  return new LeaseCache(redisUrl === null ? null : connect(redisUrl))
}

function connect(url) {
  const redis = new Redis(url, {
    connectTimeout: 1000,
    commandTimeout: 2 * DEADLINE_MS,
    socketTimeout: 2000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(50 * attempt, 250),
    keyPrefix: 'items:',
  })
  redis.on('error', () => {})
  return redis
}

class LeaseCache {
  #redis
  #flights = new Map()
  /** Keys whose invalidation has not arrived, with the instant at which nothing of theirs is left anyway. */
  #owed = new Map()
  #isAway = false
  #failures = 0
  #offsetMs = Number.NaN

  constructor(redis) {
    this.#redis = redis
    redis?.on('ready', () => void this.#probe())
    this.timer = setInterval(() => {
      if (this.#isAway || this.#owed.size > 0) void this.#probe()
    }, PROBE_MS)
  }

  async get(key) {
    const found = await this.#find(key)
    return isValue(found) ? JSON.parse(found) : null
  }

  async set(key, value) {
    const stored = await this.#store(key, JSON.stringify(value), ANY)
    if (!stored) this.#owe(key)
  }

  async del(key) {
    const mark = () => this.#redis.set(key, MARK + randomUUID(), 'PX', MARK_MS)
    await this.#ask(mark).catch(() => this.#owe(key))
  }

  async getOrLoad(key, load) {
    const found = await this.#find(key)
    if (isValue(found)) return JSON.parse(found)
    const flight = this.#flights.get(key) ?? this.#fly(key, found, load)
    return JSON.parse(await flight)
  }

  async close() {
    clearInterval(this.timer)
    this.#redis?.disconnect()
  }

  #fly(key, found, load) {
    const isCurrent = () => this.#flights.get(key) === flight
    const flight = load()
      .then((value) => {
        const text = JSON.stringify(value)
        if (isCurrent() && found !== undefined) void this.#store(key, text, found)
        return text
      })
      .finally(() => isCurrent() && this.#flights.delete(key))
    this.#flights.set(key, flight)
    return flight
  }

  /** The text that is stored, '' where there is none, undefined where nobody can say. */
  async #find(key) {
    if (this.#owed.has(key)) return undefined
    return this.#ask(async () => (await this.#redis.get(key)) ?? '').catch(() => undefined)
  }

  async #store(key, text, found) {
    if (Number.isNaN(this.#offsetMs)) return false
    const lastMs = Date.now() + this.#offsetMs + DEADLINE_MS
    const store = () => this.#redis.eval(STORE, 1, key, text, TTL_MS, lastMs, found)
    return this.#ask(store).then(
      (reply) => reply !== 'late',
      () => false,
    )
  }

  #owe(key) {
    if (!this.#redis) return
    this.#owed.set(key, Date.now() + TTL_MS)
    if (this.#owed.size > MOST_OWED) this.#owed.delete(this.#owed.keys().next().value)
  }

  async #ask(command) {
    if (!this.#redis || this.#isAway) throw new Error('no Redis')
    try {
      const reply = await within(DEADLINE_MS, command())
      this.#failures = 0
      return reply
    } catch (error) {
      this.#failures += 1
      if (this.#failures === OUTAGE) console.error(`cache: Redis is away (${error.name})`)
      if (this.#failures >= OUTAGE) this.#isAway = true
      throw error
    }
  }

  async #probe() {
    if (this.isProbing || this.#redis?.status !== 'ready') return
    this.isProbing = true
    try {
      const [seconds, micros] = await within(DEADLINE_MS, this.#redis.time())
      this.#offsetMs = Number(seconds) * 1000 + Number(micros) / 1000 - Date.now()
      await this.#deliver()
      if (this.#isAway) console.error('cache: Redis is back')
      this.#isAway = false
      this.#failures = 0
    } catch {
      // The next probe is due soon.
    } finally {
      this.isProbing = false
    }
  }

  async #deliver() {
    const now = Date.now()
    for (const [key, goneMs] of this.#owed) {
      if (goneMs > now) await within(DEADLINE_MS, this.#redis.set(key, MARK + randomUUID(), 'PX', MARK_MS))
      this.#owed.delete(key)
    }
  }
}

function isValue(found) {
  return typeof found === 'string' && found !== '' && !found.startsWith(MARK)
}

/** Answers that are there already go before the deadline, however late the timer is. */
function within(ms, promise) {
  return new Promise((resolve, reject) => {
    const late = () => setImmediate(() => setImmediate(() => reject(new Error('no answer in time'))))
    const timer = setTimeout(late, ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
