import assert from 'node:assert/strict'
import type { Promised } from '../check.js'
import { assertSame } from './text.js'

export const deletionChecks: readonly Promised[] = [
  {
    name: 'del of a key that is not there resolves, as often as it is called',
    async prove(trial) {
      const client = await trial.client()
      const key = trial.key()
      await client.del(key)
      await client.del(key)
      assert.equal(await client.get(key), null)
    },
  },
  {
    name: 'what was deleted is gone for every client, and can be set again',
    needs: ['storage'],
    async prove(trial) {
      const [client, other] = [await trial.client(), await trial.client()]
      const key = trial.key()
      await client.set(key, 'v1', 60)
      await other.del(key)
      assert.equal(await client.get(key), null)
      assert.equal(await other.get(key), null)
      await client.set(key, 'v2', 60)
      assertSame(await other.get(key), 'v2')
    },
  },
]
