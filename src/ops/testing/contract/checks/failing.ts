import assert from 'node:assert/strict'
import type { CacheBackend, TransparentCache } from '../../../../library/index.js'
import type { Promised } from '../check.js'
import { unreliable, type Behaviour } from '../unreliable-backend.js'
import { until, within } from '../until.js'

const DEADLINE_MS = 100
/** For calls that must end: fifty times what they may take, as nothing here measures speed. */
const SETTLES_MS = 50 * DEADLINE_MS
/** More than the breaker needs to open. */
const CALLS = 8

export const failingChecks: readonly Promised[] = [
  ...(['rejects', 'throws', 'hangs', 'answers nonsense'] as const).map(survives),
  ...(['rejects', 'throws', 'hangs', 'answers nonsense'] as const).map(recovers),
  {
    name: 'cache: over an object that lacks the methods it misses, loads, and never rejects',
    async prove(trial) {
      // cache-audit-ignore R7: the promise is about just that
      const cache = trial.cache<string>({} as CacheBackend, { deadlineMs: DEADLINE_MS })
      await assertMisses(cache, () => trial.key())
    },
  },
]

function survives(behaviour: Behaviour): Promised {
  return {
    name: `cache: over a backend that ${behaviour} it misses, loads, and never rejects`,
    async prove(trial) {
      const { backend, become } = unreliable(await trial.client())
      const cache = trial.cache<string>(backend, { deadlineMs: DEADLINE_MS })
      become(behaviour)
      await assertMisses(cache, (call) => trial.key(String(call)))
      // Without scripts nobody can tell what a set was answered with.
      if (behaviour !== 'answers nonsense') assert.notEqual(cache.getStatus().state, 'up')
      await within(SETTLES_MS, 'close', cache.close())
    },
  }
}

function recovers(behaviour: Behaviour): Promised {
  return {
    name: `cache: once the backend no longer ${behaviour}, it is used again`,
    needs: ['storage'],
    async prove(trial) {
      const { backend, become } = unreliable(await trial.client())
      const cache = trial.cache<string>(backend, { deadlineMs: DEADLINE_MS })
      become(behaviour)
      await assertMisses(cache, (call) => trial.key(String(call)))
      become('works')
      const key = trial.key('afterwards')
      await until('a value is stored and found', async () => {
        await cache.set(key, 'v')
        return (await cache.get(key)) === 'v'
      })
    },
  }
}

async function assertMisses(cache: TransparentCache<string>, keyOf: (call: number) => string): Promise<void> {
  for (let call = 0; call < CALLS; call++) {
    const key = keyOf(call)
    const calls = async () => {
      await cache.set(key, 'v')
      assert.equal(await cache.get(key), null)
      await cache.del(key)
      assert.equal(await cache.getOrLoad(key, () => Promise.resolve('loaded')), 'loaded')
    }
    await within(SETTLES_MS, 'set, get, del and getOrLoad', calls())
  }
}
