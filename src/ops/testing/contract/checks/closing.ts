import assert from 'node:assert/strict'
import type { Promised } from '../check.js'
import { within } from '../until.js'

/** For operations that must end, however: what is slow is not what is looked for. */
const SETTLES_MS = 5000

export const closingChecks: readonly Promised[] = [
  {
    name: 'close resolves, as often as it is called',
    needs: ['close'],
    async prove(trial) {
      const client = await trial.client()
      assert.equal(typeof client.close, 'function', 'it has no close')
      await client.close!()
      await client.close!()
    },
  },
  {
    name: 'after close every operation settles, and nothing is pending for ever',
    needs: ['close'],
    async prove(trial) {
      const client = await trial.client()
      const key = trial.key()
      const before = Promise.allSettled([client.get(key), client.set(key, 'v', 60), client.del(key)])
      await client.close!()
      const after = Promise.allSettled([client.get(key), client.set(key, 'v', 60), client.del(key)])
      await within(SETTLES_MS, 'operations begun before close', before)
      await within(SETTLES_MS, 'operations begun after close', after)
    },
  },
]
