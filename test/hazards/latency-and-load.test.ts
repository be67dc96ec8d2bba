import { breakerCache } from '../naive/breaker-cache.js'
import { deadlineCache } from '../naive/deadline-cache.js'
import { failFastCache } from '../naive/fail-fast-cache.js'
import { sharedConnection } from '../naive/shared-connection.js'
import { tryCatchCache } from '../naive/try-catch-cache.js'
import { until } from '../support/clients.js'
import { Database } from './database.js'
import { hazard } from './hazard.js'
import { ourCache, ourLimiter } from './ours.js'
import { isUp } from './scenes.js'
import { milliseconds, settlesWithin, within } from './seen.js'
import type { Cache, Limiter } from './subjects.js'

hazard<Cache>('H16', 'unbounded latency', {
  ours: ourCache,
  naive: tryCatchCache,
  async demand(open, { door }) {
    const seen: string[] = []
    let pending = 0
    for (const [fault, name] of [
      ['refuse', 'refused'],
      ['stall', 'hung'],
    ] as const) {
      const cache = await open()
      await isUp(cache)
      await door[fault]()
      const startedAt = performance.now()
      const one = async () => (await cache.get('warm'), performance.now() - startedAt)
      const waits = await Promise.all(Array.from({ length: 20 }, () => settlesWithin(1000, one(), null)))
      await door.open()
      const settled = waits.filter((ms) => ms !== null)
      pending += 20 - settled.length
      const worst =
        settled.length < 20
          ? `${20 - settled.length} of 20 pending after 1 s`
          : `worst of 20 reads ${milliseconds(Math.max(...settled))}`
      seen.push(`${name}: ${worst}`)
    }
    return { kept: pending === 0, seen: seen.join('; ') }
  },
})

hazard<Cache>('H17', 'timeouts from our own stalls', {
  ours: ourCache,
  naive: deadlineCache,
  async demand(open, { server }) {
    // Not through the door, which would stand still together with us.
    const cache = await open(server.url)
    await isUp(cache)
    const answers: unknown[] = []
    for (let handler = 0; handler < 5; handler++) {
      const reads = await inABusyHandler(150, () => Array.from({ length: 40 }, () => cache.get('warm')))
      answers.push(...(await Promise.all(reads)))
    }
    const lost = answers.filter((answer) => answer !== 'yes').length
    return {
      kept: lost === 0,
      seen: `${lost} of ${answers.length} answers of a healthy Redis taken for timeouts`,
    }
  },
})

/** Starts something and does not let go of the event loop, in the phase after which timers come before sockets. */
function inABusyHandler<T>(ms: number, start: () => T[]): Promise<T[]> {
  return new Promise((resolve) =>
    setImmediate(() => {
      const started = start()
      const end = performance.now() + ms
      while (performance.now() < end);
      resolve(started)
    }),
  )
}

hazard<Cache>('H18', 'the herd when Redis dies', {
  ours: ourCache,
  naive: failFastCache,
  async demand(open, { door }) {
    const cache = await open()
    await isUp(cache)
    await door.refuse()
    const database = new Database(20, 5)
    let hot = 0
    const loadHot = () => (hot++, database.query())
    const requests = Array.from({ length: 500 }, (_, i) => [
      cache.getOrLoad('hot', loadHot),
      cache.getOrLoad(`row:${i}`, () => database.query()),
    ])
    const answers = await Promise.all(requests.flat())
    const served = answers.filter((answer) => answer === 'row').length
    return {
      kept: hot === 1 && database.mostWaiting <= 64 && served === 1000,
      seen: `1000 requests at once: ${hot} of 500 loads of one row, ${database.mostWaiting} queries at a time, ${served} answered`,
    }
  },
})

hazard<Cache>('H19', 'what was stored together expires together', {
  ours: ourCache,
  naive: tryCatchCache,
  async demand(open, { raw }) {
    const cache = await open()
    await isUp(cache)
    const keys = Array.from({ length: 200 }, (_, i) => `row:${i}`)
    for (const key of keys) await cache.set(key, 'row')
    const lives = await Promise.all(keys.map((key) => raw.pttl(key)))
    const spread = (Math.max(...lives) - Math.min(...lives)) / 1000
    // Shortened by up to a tenth of 300 s, never lengthened.
    const kept = spread > 15 && Math.max(...lives) <= 300_000 && Math.min(...lives) >= 265_000
    return { kept, seen: `200 entries of 300 s end within ${milliseconds(spread * 1000)} of each other` }
  },
})

hazard<Cache>('H20', 'an overload that outlives the outage', {
  ours: ourCache,
  naive: failFastCache,
  async demand(open, { door }) {
    const cache = await open()
    await isUp(cache)
    await door.refuse()
    const database = new Database(4, 5)
    const load = () => database.query()
    // Whoever waits for 50 ms tries again, twice, and what was asked before is not taken back.
    const request = async (key: string) => {
      for (let attempt = 0; attempt < 3; attempt++) {
        if (await settlesWithin(50, cache.getOrLoad(key, load), null)) return
      }
    }
    const requests: Promise<void>[] = []
    for (let round = 0; round < 50; round++) {
      for (let row = 0; row < 20; row++) requests.push(request(`row:${row}`))
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await door.open()
    const backlog = database.waiting
    const isServed = await settlesWithin(250, cache.getOrLoad('fresh', load), null)
    database.close()
    await Promise.all(requests)
    const answer = isServed ? 'answered' : 'not answered within 250 ms'
    return {
      kept: isServed !== null && backlog <= 20,
      seen: `${backlog} queries queued at the heal after 1000 requests for 20 rows, the next request ${answer}`,
    }
  },
})

hazard<Omit<Cache, 'getOrLoad'>>('H21', 'a breaker that opens too soon and closes too late', {
  ours: ourCache,
  naive: breakerCache,
  async demand(open, { door }) {
    const cache = await open()
    await isUp(cache)
    // One hiccup is no outage.
    await door.interfere((_request, { name }) =>
      name === 'get'
        ? { kind: 'answer', line: '-LOADING Redis is loading the dataset in memory\r\n' }
        : { kind: 'pass' },
    )
    await cache.get('warm')
    await door.open()
    const survives = (await cache.get('warm')) === 'yes'
    await door.stall()
    for (let i = 0; i < 5; i++) await cache.get('warm')
    const startedAt = performance.now()
    for (let i = 0; i < 100; i++) await cache.get('warm')
    const each = (performance.now() - startedAt) / 100
    await door.open()
    const healedAt = performance.now()
    const isBack = await within(1500, async () => (await cache.get('warm')) === 'yes')
    const back = isBack
      ? `back ${milliseconds(performance.now() - healedAt)} after the heal`
      : 'not back 1.5 s after the heal'
    return {
      kept: survives && each < 5 && isBack,
      seen: `one error: ${survives ? 'still reads' : 'reads no more'}; while open ${milliseconds(each)} a call; ${back}`,
    }
  },
})

hazard<Omit<Cache, 'getOrLoad'>>('H23', 'a full Redis', {
  ours: ourCache,
  naive: breakerCache,
  async demand(open, { raw }) {
    const cache = await open()
    await isUp(cache)
    await cache.set('login', 'valid')
    await raw.config('SET', 'maxmemory', '1')
    for (let i = 0; i < 10; i++) await cache.set(`row:${i}`, 'row')
    const reads = (await cache.get('warm')) === 'yes'
    await cache.del('login')
    const isGone = (await raw.get('login')) !== '"valid"'
    const seen = `after 10 writes refused with OOM: reads ${reads ? 'hit' : 'stopped'}, an invalidation ${isGone ? 'arrived' : 'was lost'}`
    return { kept: reads && isGone, seen }
  },
})

hazard<Pick<Cache, 'get'> & Limiter>('H24', 'a check behind large values', {
  ours(url) {
    const [cache, limiter] = [ourCache(url, { deadlineMs: 10_000 }), ourLimiter(url)]
    return {
      get: (key: string) => cache.get(key),
      check: (identifier: string) => limiter.check(identifier),
      close: () => Promise.all([cache.close(), limiter.close()]),
    }
  },
  naive: sharedConnection,
  async demand(open, { raw, server }) {
    const subject = await open(server.url)
    await raw.set('large', JSON.stringify('x'.repeat(4_000_000)))
    await raw.set('warm', '"yes"')
    await until('both to be up', async () => (await subject.get('warm')) === 'yes' && subject.check('warm'))
    let arrived = 0
    const reads = Array.from({ length: 10 }, async () => {
      await subject.get('large')
      arrived++
    })
    const startedAt = performance.now()
    await subject.check('user')
    const seen = `answered after ${arrived} of 10 values of 4 MB, ${milliseconds(performance.now() - startedAt)}`
    const kept = arrived < 5
    await Promise.all(reads)
    return { kept, seen }
  },
})
