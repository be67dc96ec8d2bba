import { tryCatchCache } from '../naive/try-catch-cache.js'
import { coalescingCache } from '../naive/coalescing-cache.js'
import { upstashCache } from '../naive/upstash-cache.js'
import { verdictCache } from '../naive/verdict-cache.js'
import { isDeepStrictEqual } from 'node:util'
import { NOT_FOUND } from '../../src/library/index.js'
import { until } from '../support/clients.js'
import { hazard } from './hazard.js'
import { ourCache } from './ours.js'
import { isUp } from './scenes.js'
import { lifeLeft, within } from './seen.js'
import type { Cache } from './subjects.js'

hazard<Cache>('H10', 'an answer that was meant for somebody else', {
  ours: (url) => ourCache(url, { integrity: true }),
  naive: tryCatchCache,
  async demand(open, { door }) {
    const cache = await open()
    await isUp(cache)
    await cache.set('session:ada', { user: 'ada' })
    await cache.set('session:mallory', { user: 'mallory' })
    // As on a connection on which a cancelled command has left its reply.
    await door.interfere(({ words }, { name }) =>
      name === 'get' && String(words[1]) === 'session:mallory'
        ? { kind: 'instead', words: ['GET', 'session:ada'] }
        : { kind: 'pass' },
    )
    const answer = (await cache.get('session:mallory')) as { user: string } | null
    return {
      kept: answer?.user !== 'ada',
      seen: `mallory asks for his session and gets ${answer ? `${answer.user}'s` : 'none'}`,
    }
  },
})

interface Logins {
  /** @param ask null: there is no such user; rejects when it cannot tell */
  isValid(user: string, ask: () => Promise<boolean | null>): Promise<boolean>
  close(): unknown
}

hazard<Logins>('H11', 'errors remembered as answers', {
  ours(url) {
    const cache = ourCache(url)
    const isValid = async (user: string, ask: () => Promise<boolean | null>) =>
      (await cache.getOrLoad(`auth:${user}`, async () => (await ask()) ?? NOT_FOUND)) === true
    return { isValid, close: () => cache.close() }
  },
  naive: verdictCache,
  async demand(open, { raw }) {
    const logins = await open()
    await within(
      1000,
      async () => (await logins.isValid('warm', async () => true), (await raw.exists('auth:warm')) === 1),
    )
    const timesOut = () => Promise.reject<boolean>(new Error('the database timed out'))
    await logins.isValid('ada', timesOut).catch(() => 'an error of the database')
    const isBack = await logins.isValid('ada', async () => true)
    await logins.isValid('newcomer', async () => null)
    await within(1000, async () => (await raw.exists('auth:newcomer')) === 1)
    const locked = isBack
      ? 'valid again with the database'
      : `locked out ${await lifeLeft(raw, 'auth:ada')} by one timeout`
    const unknown = await raw.pttl('auth:newcomer')
    const seen = `${locked}; "no such user" kept ${await lifeLeft(raw, 'auth:newcomer')}`
    return { kept: isBack && unknown > 0 && unknown <= 10_000, seen }
  },
})

interface User {
  name: string
  roles: string[]
}
/** A user as today's code expects one; what else is cached here is no object. */
const isCurrent = (value: unknown): value is unknown =>
  typeof value !== 'object' || 'roles' in (value as object)

hazard<Cache>('H12', 'values of an older schema', {
  ours: (url) => ourCache(url, { validate: isCurrent }),
  naive: tryCatchCache,
  async demand(open, { raw }) {
    const cache = await open()
    await isUp(cache)
    // As the release before stored it.
    await raw.set('user', JSON.stringify({ name: 'Ada' }), 'EX', 300)
    const user = (await cache.getOrLoad('user', async () => ({ name: 'Ada', roles: [] }))) as User
    if (!Array.isArray(user.roles)) {
      return { kept: false, seen: `handed out ${JSON.stringify(user)} ${await lifeLeft(raw, 'user')}` }
    }
    const isReplaced = await within(
      1000,
      async () => ((await cache.get('user')) as User | null)?.roles !== undefined,
    )
    return { kept: isReplaced, seen: `a miss, loaded and ${isReplaced ? '' : 'not '}overwritten` }
  },
})

hazard<Cache>('H13', 'what JSON loses', {
  ours: ourCache,
  naive: tryCatchCache,
  async demand(open) {
    const cache = await open()
    await isUp(cache)
    const dated = { at: new Date(0) }
    await cache.set('dated', dated)
    const { at } = ((await cache.get('dated')) ?? {}) as { at?: unknown }
    await cache.set('big', { id: 2n ** 60n })
    const big = (await cache.get('big')) as { id: unknown } | null
    const date = at instanceof Date ? 'a Date' : `a ${typeof at}`
    const seen = `a Date comes back as ${date}; a BigInt ${big?.id === 2n ** 60n ? 'as itself' : 'is never cached'}`
    return { kept: at instanceof Date && at.getTime() === 0 && big?.id === 2n ** 60n, seen }
  },
})

hazard<Pick<Cache, 'get' | 'set' | 'close'>>('H14', 'what the Upstash client makes of values', {
  ours: ourCache,
  naive: upstashCache,
  async demand(open, { raw, upstash }) {
    const cache = await open(await upstash())
    const values = [{ user: 'ada' }, ['a', 1], 'text', '007', 42, true, { $ne: null }]
    let hits = 0
    for (const [i, value] of values.entries()) {
      await until(
        'it to be stored',
        async () => (await cache.set(`k${i}`, value), (await raw.exists(`k${i}`)) === 1),
      )
      if (isDeepStrictEqual(await cache.get(`k${i}`), value)) hits++
    }
    return { kept: hits === values.length, seen: `${hits} of ${values.length} values come back as they were` }
  },
})

hazard<Cache>('H15', 'one object for everybody', {
  ours: ourCache,
  naive: coalescingCache,
  async demand(open) {
    const cache = await open()
    await isUp(cache)
    const load = async () => ({ roles: ['reader'] })
    const [mine, yours] = (await Promise.all([
      cache.getOrLoad('u', load),
      cache.getOrLoad('u', load),
    ])) as User[]
    mine!.roles.push('admin')
    return {
      kept: !yours!.roles.includes('admin'),
      seen: `one caller added admin, the other has ${yours!.roles.join(', ')}`,
    }
  },
})
