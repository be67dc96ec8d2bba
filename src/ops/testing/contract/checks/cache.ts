import assert from 'node:assert/strict'
import { NOT_FOUND, type CacheBackend } from '../../../../library/index.js'
import type { Promised } from '../check.js'
import { until } from '../until.js'

const MANY = 20

export const cacheChecks: readonly Promised[] = [
  {
    name: 'cache: get, set and del, and every value back in its type',
    needs: ['storage'],
    async prove(trial) {
      const cache = trial.cache(await trial.client())
      const [key, value] = [
        trial.key(),
        { text: '💥 ü', none: null, list: [1, 2.5], at: new Date(0), big: 1n },
      ]
      assert.equal(await cache.get(key), null)
      await cache.set(key, value)
      assert.deepEqual(await cache.get(key), value)
      await cache.del(key)
      assert.equal(await cache.get(key), null)
      await cache.set(key, 'again')
      assert.equal(await cache.get(key), 'again')
    },
  },
  {
    name: 'cache: what one process loaded, another finds',
    needs: ['storage'],
    async prove(trial) {
      const [here, there] = [trial.cache(await trial.client()), trial.cache(await trial.client())]
      const key = trial.key()
      assert.deepEqual(await here.getOrLoad(key, () => Promise.resolve({ v: 1 })), { v: 1 })
      await until('the other process finds it', async () => (await there.get(key)) !== null)
      const notAsked = () => assert.fail('the source was asked although the value is there')
      assert.deepEqual(await there.getOrLoad(key, notAsked), { v: 1 })
    },
  },
  {
    name: 'cache: callers of one key share one load',
    async prove(trial) {
      const client = await trial.client()
      let answers = 0
      const counting: CacheBackend = {
        get: (key) => client.get(key).finally(() => answers++),
        set: (key, value, ttlSeconds) => client.set(key, value, ttlSeconds),
        del: (key) => client.del(key),
      }
      const cache = trial.cache<number>(counting)
      const key = trial.key()
      let loads = 0
      let finish = (_value: number) => {}
      const source = new Promise<number>((resolve) => (finish = resolve))
      const load = () => {
        loads++
        return source
      }
      const calls = Array.from({ length: MANY }, () => cache.getOrLoad(key, load))
      await until('everybody has looked', () => Promise.resolve(loads > 0 && answers === MANY))
      finish(7)
      assert.deepEqual(await Promise.all(calls), Array(MANY).fill(7))
      assert.equal(loads, 1)
    },
  },
  {
    name: "cache: a loader's error is its caller's, untouched, and is not kept",
    async prove(trial) {
      const cache = trial.cache<string>(await trial.client())
      const key = trial.key()
      const error = new Error('of the source')
      await assert.rejects(
        cache.getOrLoad(key, () => Promise.reject(error)),
        (reason) => reason === error,
      )
      assert.equal(await cache.getOrLoad(key, () => Promise.resolve('v')), 'v')
    },
  },
  {
    name: 'cache: NOT_FOUND is kept as an answer, null is not',
    needs: ['storage'],
    async prove(trial) {
      const cache = trial.cache<string>(await trial.client())
      const [absent, unsaid] = [trial.key('absent'), trial.key('unsaid')]
      let asked = 0
      const nothing = () => {
        asked++
        return Promise.resolve(NOT_FOUND)
      }
      await until('it is not asked again', async () => {
        const before = asked
        assert.equal(await cache.getOrLoad(absent, nothing), null)
        return asked === before
      })
      assert.equal(await cache.getOrLoad(unsaid, () => Promise.resolve(null)), null)
      assert.equal(await cache.getOrLoad(unsaid, () => Promise.resolve('now')), 'now')
    },
  },
  {
    name: 'cache: what is no value of its own is a miss, and gets overwritten',
    needs: ['storage'],
    async prove(trial) {
      const client = await trial.client()
      const cache = trial.cache<string>(client)
      const key = trial.key()
      await client.set(key, '{"half', 60)
      assert.equal(await cache.get(key), null)
      assert.equal(await cache.getOrLoad(key, () => Promise.resolve('whole')), 'whole')
      await until('it is overwritten', async () => (await cache.get(key)) === 'whole')
    },
  },
  {
    name: 'cache: an entry ends with its TTL',
    needs: ['storage', 'expiry'],
    async prove(trial) {
      const cache = trial.cache<string>(await trial.client(), { ttlJitter: 0 })
      const key = trial.key()
      await cache.set(key, 'v', 1)
      await until('an entry of 1 s is gone', async () => (await cache.get(key)) === null)
    },
  },
  {
    name: 'cache: after close it goes on without the backend',
    async prove(trial) {
      const cache = trial.cache<string>(await trial.client())
      const key = trial.key()
      await cache.close()
      await cache.set(key, 'v')
      assert.equal(await cache.get(key), null)
      assert.equal(await cache.getOrLoad(key, () => Promise.resolve('loaded')), 'loaded')
      await cache.del(key)
      await cache.close()
    },
  },
]
