import assert from 'node:assert/strict'
import type { Promised } from '../check.js'
import { until } from '../until.js'
import { assertSame } from './text.js'

const ROUNDS = 5

export const expiryChecks: readonly Promised[] = [
  {
    name: 'a TTL is in seconds: not gone before its time, gone soon after it',
    needs: ['storage', 'expiry'],
    async prove(trial) {
      const client = await trial.client()
      const key = trial.key()
      const setAt = performance.now()
      await client.set(key, 'v', 1)
      await until('a key with a TTL of 1 s is gone', async () => (await client.get(key)) === null)
      const livedMs = performance.now() - setAt
      assert.ok(livedMs >= 990, `a TTL of 1 s ended after ${Math.round(livedMs)} ms`)
    },
  },
  {
    name: 'a TTL keeps its milliseconds: 0.25 s ends before 1 s does',
    needs: ['storage', 'expiry'],
    async prove(trial) {
      const client = await trial.client()
      for (let round = 0; round < ROUNDS; round++) {
        const [short, long] = [trial.key(`short${round}`), trial.key(`long${round}`)]
        // The long one first: whoever rounds both to the same end has the long one end first.
        await client.set(long, 'v', 1)
        const setAt = performance.now()
        await client.set(short, 'v', 0.25)
        await until('a key with a TTL of 0.25 s is gone', async () => (await client.get(short)) === null)
        const livedMs = performance.now() - setAt
        assert.ok(livedMs >= 245, `a TTL of 0.25 s ended after ${Math.round(livedMs)} ms`)
        // On a machine that stood still for a second both may be gone, which says nothing.
        if ((await client.get(long)) === 'v') return
      }
      assert.fail(`in ${ROUNDS} rounds a TTL of 0.25 s never ended before one of 1 s that was set before it`)
    },
  },
  {
    name: 'the last set decides about the TTL',
    needs: ['storage', 'expiry'],
    async prove(trial) {
      const client = await trial.client()
      const [freed, bound, clock] = [trial.key('freed'), trial.key('bound'), trial.key('clock')]
      await client.set(freed, 'v1', 0.2)
      await client.set(freed, 'v2')
      await client.set(bound, 'v1')
      await client.set(bound, 'v2', 0.2)
      await client.set(clock, 'v', 0.2)
      await until('keys with a TTL of 0.2 s are gone', async () => {
        const left = await Promise.all([client.get(bound), client.get(clock)])
        return left.every((text) => text === null)
      })
      assertSame(await client.get(freed), 'v2')
    },
  },
]
