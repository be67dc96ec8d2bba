import { vi } from 'vitest'
import { incrLimiter } from '../naive/incr-limiter.js'
import { logLimiter } from '../naive/log-limiter.js'
import { patternResetLimiter } from '../naive/pattern-reset-limiter.js'
import { upstashLimiter } from '../naive/upstash-limiter.js'
import { until } from '../support/clients.js'
import { setLogger } from '../../src/library/index.js'
import { hazard, type Outcome } from './hazard.js'
import { ourLimiter } from './ours.js'
import { consoleLogger, overhearConsole } from './overheard.js'
import { milliseconds, within } from './seen.js'
import type { Limiter } from './subjects.js'

const LIMIT = 10
const MINUTE = 60_000

hazard<Limiter>('H25', 'take Redis away and every limit is gone', {
  ours: (url) => ourLimiter(url, { limit: LIMIT, onUnavailable: 'deny' }),
  naive: (url) => incrLimiter(url, LIMIT, MINUTE, { enableOfflineQueue: false, maxRetriesPerRequest: 0 }),
  async demand(open, { door }) {
    const logins = await open()
    await until('a count', () => door.counts().bytesToClient > 0)
    await logins.check('warm')
    await door.refuse()
    let allowed = 0
    for (let attempt = 0; attempt < 100; attempt++) if (await logins.check('attacker')) allowed++
    return { kept: allowed <= LIMIT, seen: `${allowed} of 100 login attempts let through, limit ${LIMIT}` }
  },
})

hazard<Limiter>('H26', 'a limiter that is silently absent', {
  ours: (url) => (setLogger(consoleLogger), ourLimiter(url, { limit: LIMIT })),
  naive: (url) => incrLimiter(url, LIMIT, MINUTE),
  async demand(open, { raw, door }) {
    // As where scripts, or writes, are not for everybody.
    const may = ['on', '>secret', '~*', '&*', '+@all', '-eval', '-evalsha', '-incr']
    await raw.call('ACL', 'SETUSER', 'service', ...may)
    return letThrough(() => open(`redis://service:secret@${door.host}:${door.port}`), /unlimited/)
  },
})

hazard<Limiter & { used(): Promise<number | null> }>('H27', 'a lost answer counted twice', {
  ours(url) {
    const limiter = ourLimiter(url, { limit: LIMIT })
    const used = async () => {
      const { reason, remaining } = await limiter.peek('user')
      return reason === 'ok' ? LIMIT - remaining! : null
    }
    return { check: (identifier: string) => limiter.check(identifier), used, close: () => limiter.close() }
  },
  naive(url) {
    const { redis, ...limiter } = incrLimiter(url, LIMIT, MINUTE)
    return { ...limiter, used: async () => Number(await redis.get('ratelimit:api:user')) }
  },
  async demand(open, { door }) {
    const limiter = await open()
    await until('a count', async () => (await limiter.check('warm')) && (await limiter.used()) !== null)
    let cut = 0
    await door.interfere((_request, { name }) =>
      /^(eval|evalsha|incr)$/.test(name) && cut++ < 2 ? { kind: 'cut' } : { kind: 'pass' },
    )
    await limiter.check('user')
    let used: number | null = null
    await until('the count', async () => (used = await limiter.used()) !== null)
    return { kept: used! <= 1, seen: `1 request counted as ${used}, with ${Math.min(cut, 2)} answers lost` }
  },
})

hazard<Limiter>('H28', 'clocks that disagree', {
  ours: (url) => ourLimiter(url, { limit: LIMIT }),
  naive: (url) => logLimiter(url, LIMIT, MINUTE),
  async demand(open) {
    const [here, there] = [await open(), await open()]
    const now = Date.now
    let skewMs = 0
    const skewed = vi.spyOn(Date, 'now').mockImplementation(() => now() + skewMs)
    let allowed = 0
    for (let i = 0; i < 20; i++) {
      skewMs = 0
      if (await here.check('user')) allowed++
      skewMs = 61_000
      if (await there.check('user')) allowed++
    }
    skewed.mockRestore()
    return {
      kept: allowed === LIMIT,
      seen: `${allowed} of 40 allowed, limit ${LIMIT}, two processes 61 s apart`,
    }
  },
})

hazard<Limiter>('H29', 'more than the limit within one window', {
  ours: (url) => ourLimiter(url, { limit: 20, windowMs: 600 }),
  naive: (url) => incrLimiter(url, 20, 600),
  async demand(open) {
    const limiter = await open()
    await limiter.check('warm')
    const allowed: { sentAt: number; answeredAt: number }[] = []
    const ask = async () => {
      const sentAt = performance.now()
      if (await limiter.check('user')) allowed.push({ sentAt, answeredAt: performance.now() })
    }
    const startedAt = performance.now()
    await ask()
    await until('the end of a window', () => performance.now() - startedAt > 480)
    while (performance.now() - startedAt < 900) await ask()
    // Sent and answered within a window, so counted within one, whatever the way took.
    const within = (first: number) =>
      allowed.filter(({ sentAt, answeredAt }) => sentAt >= first && answeredAt - first < 600)
    const worst = Math.max(...allowed.map(({ sentAt }) => within(sentAt).length))
    const lasted = milliseconds(allowed.at(-1)!.answeredAt - allowed[1]!.sentAt)
    return {
      kept: worst <= 20,
      seen: `${worst} allowed within one window, limit 20; after the first, all within ${lasted}`,
    }
  },
})

interface BothBackends {
  onRedis: Limiter
  onUpstash: Limiter
  close(): unknown
}

hazard<BothBackends>('H30', 'a limit that depends on the backend', {
  ours: (urls) => both(urls, ourLimiter, ourLimiter),
  naive: (urls) =>
    both(
      urls,
      (url) => logLimiter(url, LIMIT, MINUTE),
      (url) => upstashLimiter(url, LIMIT, MINUTE),
    ),
  async demand(open, { url, upstash }) {
    const { onRedis, onUpstash } = await open(`${url} ${await upstash()}`)
    await until('both to count', async () => (await onRedis.check('warm')) && onUpstash.check('warm'))
    const counts = { redis: 0, upstash: 0 }
    for (let i = 0; i < 7; i++) if (await onRedis.check('user')) counts.redis++
    for (let i = 0; i < 20; i++) if (await onUpstash.check('user')) counts.upstash++
    return {
      kept: counts.redis + counts.upstash === LIMIT,
      seen: `one user, limit ${LIMIT}: ${counts.redis} allowed through Redis, then ${counts.upstash} through Upstash`,
    }
  },
})

function both(
  urls: string,
  redis: (url: string) => Limiter,
  upstash: (url: string) => Limiter,
): BothBackends {
  const [redisUrl, upstashUrl] = urls.split(' ')
  const [onRedis, onUpstash] = [redis(redisUrl!), upstash(upstashUrl!)]
  return { onRedis, onUpstash, close: () => Promise.all([onRedis.close(), onUpstash.close()]) }
}

hazard<Limiter>('H31', 'counters that make room for the cache', {
  ours: (url) => (setLogger(consoleLogger), ourLimiter(url, { limit: LIMIT })),
  naive: (url) => incrLimiter(url, LIMIT, MINUTE),
  async demand(open, { raw }) {
    const used = Number(/used_memory:(\d+)/.exec(await raw.info('memory'))![1])
    await raw.config('SET', 'maxmemory-policy', 'allkeys-lru')
    await raw.config('SET', 'maxmemory', String(used + 2_000_000))
    let row = 0
    // What a busy cache in the same instance does between two checks.
    return letThrough(open, /evicts/, async () => {
      for (let i = 0; i < 20; i++) await raw.set(`row:${row++}`, 'x'.repeat(100_000))
    })
  },
})

/** Either the limit holds, or the service was warned before the first request that it may not. */
async function letThrough(
  open: () => Promise<Limiter>,
  warning: RegExp,
  between = async () => {},
): Promise<Outcome> {
  const { lines, stop } = overhearConsole()
  const limiter = await open()
  const isWarned = await within(1000, () => lines.some((line) => warning.test(line)))
  let allowed = 0
  for (let i = 0; i < 60; i++) {
    if (await limiter.check('user')) allowed++
    await between()
  }
  stop()
  setLogger(null)
  const said = lines.find((line) => warning.test(line))?.replace(/^\[\w+\] /, '')
  const warned = isWarned ? `warned at start: ${said?.slice(0, 60)}…` : 'no warning at start'
  return { kept: allowed <= LIMIT || isWarned, seen: `${allowed} of 60 allowed, limit ${LIMIT}; ${warned}` }
}

/** One limiter of each name. */
interface Limiters {
  check(identifier: string, name: string): Promise<boolean>
  reset(identifier: string, name: string): Promise<unknown>
  close(): unknown
}

hazard<Limiters>('H32', 'identifiers that reach further than their own count', {
  ours(url) {
    const limiters = new Map<string, ReturnType<typeof ourLimiter>>()
    const of = (name: string) => {
      if (!limiters.has(name)) limiters.set(name, ourLimiter(url, { name, limit: LIMIT }))
      return limiters.get(name)!
    }
    return {
      check: (identifier: string, name: string) => of(name).check(identifier),
      reset: (identifier: string, name: string) => of(name).reset(identifier),
      close: () => Promise.all([...limiters.values()].map((limiter) => limiter.close())),
    }
  },
  naive: (url) => patternResetLimiter(url, LIMIT, MINUTE),
  async demand(open, { raw }) {
    const limiter = await open()
    const exhaust = async (identifier: string, name: string) => {
      for (let i = 0; i <= LIMIT; i++) await limiter.check(identifier, name)
    }
    await exhaust('1.2.3.4', 'api:login')
    const collides = !(await limiter.check('login:1.2.3.4', 'api'))
    await exhaust('victim', 'api')
    await limiter.reset('*', 'api')
    const widens = await limiter.check('victim', 'api')
    await limiter.check('x'.repeat(10_000), 'api')
    const longest = Math.max(...(await raw.keys('*')).map((key) => key.length))
    const found = [
      collides && 'api + login:1.2.3.4 is api:login + 1.2.3.4',
      widens && "reset('*') forgot everybody",
      longest > 300 && `a key of ${longest} bytes`,
    ].filter(Boolean)
    return {
      kept: found.length === 0,
      seen: found.join('; ') || `each its own, longest key ${longest} bytes`,
    }
  },
})
