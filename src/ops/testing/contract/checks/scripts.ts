import assert from 'node:assert/strict'
import type { RedisKeyValueClient } from '../../../../library/backends/backend.js'
import { defineScript } from '../../../../library/backends/script.js'
import type { Promised } from '../check.js'
import type { Trial } from '../trial.js'

const replies = defineScript(`return {1, ARGV[1], false, {2, KEYS[1]}, ARGV[2]}`)
const refuses = defineScript(`return redis.error_reply('CONTRACT refused')`)
const counts = defineScript(
  `local n = tonumber(redis.call('GET', KEYS[1]) or '0') + 1 redis.call('SET', KEYS[1], n, 'PX', 60000) return n`,
)
const time = defineScript(
  `local t = redis.call('TIME') return {t[1] * 1000 + math.floor(t[2] / 1000)}`,
  (reply) => Number((reply as unknown[])[0]),
)

/** A year would pass here; a clock that is off by its units or by its epoch does not. */
const PLAUSIBLE_MS = 30_000

export const scriptChecks: readonly Promised[] = [
  {
    name: 'eval and serverNow are both there',
    needs: ['scripts'],
    async prove(trial) {
      const { eval: run, serverNow } = await trial.client()
      assert.deepEqual([typeof run, typeof serverNow], ['function', 'function'])
    },
  },
  {
    name: 'a script gets keys and arguments as they are, and its reply keeps its shape',
    needs: ['scripts'],
    async prove(trial) {
      const client = await scripting(trial)
      const key = trial.key('a*?[x]{y}%3A ü💥')
      const text = '💥 ü \u0000 \r\n {"a":1}'
      assert.deepEqual(await client.eval(replies, [key], [text, '']), [1, text, null, [2, key], ''])
      // By name, where it went by text before.
      assert.deepEqual(await client.eval(replies, [key], ['42', 'b']), [1, '42', null, [2, key], 'b'])
    },
  },
  {
    name: 'a script that answers an error rejects with its text',
    needs: ['scripts'],
    async prove(trial) {
      const client = await scripting(trial)
      await assert.rejects(client.eval(refuses, [trial.key()], []), (error: unknown) => {
        assert.ok(error instanceof Error, 'the rejection is an Error')
        assert.match(error.message, /^CONTRACT refused/)
        return true
      })
    },
  },
  {
    name: 'scripts see what was set, and what they set is read',
    needs: ['storage', 'scripts'],
    async prove(trial) {
      const client = await scripting(trial)
      const key = trial.key()
      await client.set(key, '41', 60)
      assert.equal(Number(await client.eval(counts, [key], [])), 42)
      assert.equal(await client.get(key), '42')
    },
  },
  {
    name: 'scripts of several clients do not interleave',
    needs: ['storage', 'scripts'],
    async prove(trial) {
      const clients = await Promise.all([scripting(trial), scripting(trial)])
      const key = trial.key()
      const calls = Array.from({ length: 50 }, (_, index) => clients[index % 2]!.eval(counts, [key], []))
      const numbers = (await Promise.all(calls)).map(Number).sort((a, b) => a - b)
      assert.deepEqual(
        numbers,
        calls.map((_, index) => index + 1),
      )
    },
  },
  {
    name: 'serverNow is never later than the clock of the server, and not far behind it',
    needs: ['scripts'],
    async prove(trial) {
      const client = await scripting(trial)
      for (let round = 0; round < 20; round++) {
        const reply = await client.eval(time, [trial.key()], [])
        const believed = client.serverNow()
        assert.equal(
          typeof believed,
          'number',
          'the server has told its time, and serverNow does not know it',
        )
        const [actual] = (await client.eval(time, [trial.key()], [])) as [number]
        // The script cuts off what is below a millisecond.
        assert.ok(believed! <= Number(actual) + 1, `serverNow is ${believed! - Number(actual)} ms ahead`)
        const behindMs = Number((reply as [number])[0]) - believed!
        assert.ok(behindMs < PLAUSIBLE_MS, `serverNow is ${behindMs} ms behind`)
      }
    },
  },
]

async function scripting(trial: Trial) {
  const client = await trial.client()
  await client.ping?.()
  return client as Required<Pick<RedisKeyValueClient, 'eval' | 'serverNow'>> & RedisKeyValueClient
}
