import { until } from '../support/clients.js'
import { coalescingCache } from '../naive/coalescing-cache.js'
import { commandTimeoutCache } from '../naive/command-timeout-cache.js'
import { failFastCache } from '../naive/fail-fast-cache.js'
import { tryCatchCache } from '../naive/try-catch-cache.js'
import { hazard } from './hazard.js'
import { ourCache } from './ours.js'
import { lifeLeft, within } from './seen.js'
import { gate, isUp } from './scenes.js'
import type { Cache } from './subjects.js'

hazard<Cache>('H1', 'lost invalidation', {
  ours: ourCache,
  naive: failFastCache,
  async demand(open, { door, raw }) {
    const cache = await open()
    await isUp(cache)
    await cache.set('login', 'valid')
    await door.refuse()
    await cache.del('login')
    await door.open()
    const answers: unknown[] = []
    const isBack = async () => {
      answers.push(await cache.get('login'))
      return (await cache.get('warm')) === 'yes'
    }
    await until('the cache to be back', isBack)
    answers.push(await cache.get('login'))
    const isGone = await within(1000, async () => (await raw.get('login')) !== '"valid"')
    if (isGone && !answers.includes('valid')) return { kept: true, seen: 'gone when Redis was back' }
    const who = answers.includes('valid') ? 'by the process that revoked it' : 'by others'
    return { kept: false, seen: `revoked login served ${await lifeLeft(raw, 'login')} more, ${who}` }
  },
})

hazard<Cache>('H2', 'zombie write', {
  ours: ourCache,
  naive: commandTimeoutCache,
  async demand(open, { door, raw }) {
    const cache = await open()
    await isUp(cache)
    await door.stall()
    const writing = cache.set('login', 'valid')
    await until('the write to be on its way', () => door.counts().bytesHeldToServer > 0)
    await writing
    // Somebody else revokes the login, and Redis acknowledges it.
    await raw.del('login')
    await door.open()
    await until('the cache to be back', async () => (await cache.get('warm')) === 'yes')
    if ((await raw.get('login')) !== '"valid"') return { kept: true, seen: 'refused by the server: too late' }
    return {
      kept: false,
      seen: `failed write landed after the revocation, served ${await lifeLeft(raw, 'login')}`,
    }
  },
})

hazard<Cache>('H3', 'stale-set race', {
  ours: ourCache,
  naive: tryCatchCache,
  async demand(open) {
    const [reader, writer] = [await open(), await open()]
    await isUp(reader)
    let stale = 0
    for (let i = 0; i < 20; i++) {
      const key = `row:${i}`
      let row = 'old'
      const { passed, opens } = gate()
      const loading = gate()
      const reading = reader.getOrLoad(key, async () => {
        const read = row
        loading.opens()
        await passed
        return read
      })
      await loading.passed
      row = 'new'
      await writer.del(key)
      opens()
      await reading
      // What it stores is on the same connection, ahead of these.
      for (let asked = 0; asked < 2; asked++) await reader.get(key)
      if ((await writer.get(key)) === 'old') stale++
    }
    return { kept: stale === 0, seen: `${stale} of 20 old rows cached after their update` }
  },
})

hazard<Cache>('H5', 'single-flight answers with what was before the invalidation', {
  ours: ourCache,
  naive: coalescingCache,
  async demand(open) {
    const cache = await open()
    await isUp(cache)
    let row = 'old'
    const { passed, opens } = gate()
    const loading = gate()
    const first = cache.getOrLoad('row', async () => {
      const read = row
      loading.opens()
      await passed
      return read
    })
    await loading.passed
    row = 'new'
    await cache.del('row')
    const second = cache.getOrLoad('row', async () => row)
    // By now it has looked and found nothing.
    await cache.get('warm')
    opens()
    await first
    const answer = await second
    return { kept: answer === 'new', seen: `asked after the del, answered ${String(answer)}` }
  },
})

hazard<Cache>('H6', 'failover leaves a node that only reads', {
  ours: ourCache,
  naive: tryCatchCache,
  async demand(open, { door, raw }) {
    const cache = await open()
    await isUp(cache)
    await cache.set('login', 'valid')
    const connections = door.counts().connectionsAccepted
    await raw.replicaof('127.0.0.1', '1')
    await cache.del('login')
    const isServed = (await cache.get('login')) === 'valid'
    const reconnects = await within(1500, () => door.counts().connectionsAccepted > connections)
    await raw.replicaof('NO', 'ONE')
    const isGone = await within(2000, async () => (await raw.get('login')) !== '"valid"')
    const left = isGone ? '' : `, then ${await lifeLeft(raw, 'login')} more`
    const served = isServed || !isGone ? `revoked login served${left}` : 'gone once it took writes'
    const seen = `${served}; ${reconnects ? 'reconnects' : 'stays on the demoted node'}`
    return { kept: !isServed && reconnects && isGone, seen }
  },
})
