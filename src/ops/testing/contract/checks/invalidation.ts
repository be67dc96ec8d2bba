import assert from 'node:assert/strict'
import type { Promised } from '../check.js'
import { unreliable } from '../unreliable-backend.js'
import { until } from '../until.js'

export const invalidationChecks: readonly Promised[] = [
  {
    name: 'cache: what another process invalidated is a miss',
    needs: ['storage'],
    async prove(trial) {
      const [here, there] = [trial.cache(await trial.client()), trial.cache(await trial.client())]
      const key = trial.key()
      await here.set(key, 'old')
      assert.equal(await there.get(key), 'old')
      await there.del(key)
      assert.equal(await here.get(key), null)
    },
  },
  {
    name: 'cache: a load that began before an invalidation is not stored after it',
    needs: ['storage'],
    async prove(trial) {
      const [here, there] = [trial.cache(await trial.client()), trial.cache(await trial.client())]
      const key = trial.key()
      let finish: ((value: string) => void) | undefined
      const loaded = here.getOrLoad(key, () => new Promise((resolve) => (finish = resolve)))
      await until('the source is asked', () => Promise.resolve(finish !== undefined))
      await here.del(key)
      finish!('old')
      assert.equal(await loaded, 'old')
      // It lets all writes end first.
      await here.close()
      assert.equal(await there.get(key), null)
    },
  },
  {
    name: 'cache: a value computed before another process invalidated its key is not stored',
    needs: ['storage', 'scripts'],
    async prove(trial) {
      const [here, there] = [trial.cache(await trial.client()), trial.cache(await trial.client())]
      const key = trial.key()
      assert.equal(await here.get(key), null)
      await there.del(key)
      await here.set(key, 'old')
      assert.deepEqual([await here.get(key), await there.get(key)], [null, null])
      await here.set(key, 'new')
      assert.equal(await there.get(key), 'new')
    },
  },
  {
    name: 'cache: an invalidation that failed is delivered, and until then nobody here reads the old value',
    needs: ['storage'],
    async prove(trial) {
      const { backend, become } = unreliable(await trial.client())
      const [here, there] = [trial.cache(backend), trial.cache(await trial.client())]
      const key = trial.key()
      await here.set(key, 'old')
      assert.equal(await there.get(key), 'old')
      become('rejects')
      await here.del(key)
      become('works')
      await until('the invalidation is delivered', async () => {
        assert.equal(await here.get(key), null)
        return here.getStatus().pendingInvalidations === 0
      })
      assert.equal(await there.get(key), null)
      assert.equal(here.getStatus().lostInvalidations, 0)
    },
  },
]
