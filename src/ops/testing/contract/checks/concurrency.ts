import assert from 'node:assert/strict'
import type { Promised } from '../check.js'
import { assertSame } from './text.js'

const CALLERS = Array.from({ length: 100 }, (_, index) => index)

export const concurrencyChecks: readonly Promised[] = [
  {
    name: '100 callers at once each get their own answer',
    needs: ['storage'],
    async prove(trial) {
      const client = await trial.client()
      const key = (caller: number) => trial.key(`caller${caller}`)
      await Promise.all(CALLERS.map((caller) => client.set(key(caller), `text of ${caller}`, 60)))
      const texts = await Promise.all(CALLERS.map((caller) => client.get(key(caller))))
      assert.deepEqual(
        texts,
        CALLERS.map((caller) => `text of ${caller}`),
      )
      await Promise.all(CALLERS.filter((caller) => caller % 2 === 0).map((caller) => client.del(key(caller))))
      const left = await Promise.all(CALLERS.map((caller) => client.get(key(caller))))
      assert.deepEqual(
        left,
        CALLERS.map((caller) => (caller % 2 === 0 ? null : `text of ${caller}`)),
      )
    },
  },
  {
    name: 'small texts beside a large one do not get mixed up',
    needs: ['storage'],
    async prove(trial) {
      const client = await trial.client()
      const [large, small, absent] = [trial.key('large'), trial.key('small'), trial.key('absent')]
      const text = 'x'.repeat(1_048_576)
      await Promise.all([client.set(large, text, 60), client.set(small, 's', 60)])
      const [first, second, third, fourth] = await Promise.all(
        [small, large, absent, small].map((key) => client.get(key)),
      )
      assertSame(first, 's')
      assertSame(second, text)
      assert.equal(third, null)
      assertSame(fourth, 's')
    },
  },
]
