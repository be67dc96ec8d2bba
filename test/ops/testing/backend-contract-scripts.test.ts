import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKeyValueClient, type RedisKeyValueClient } from '../../../src/library/index.js'
import { backendContract, startSandbox, type Sandbox } from '../../../src/ops/testing/index.js'

describe.concurrent('a client whose scripts do it wrong is caught', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await startSandbox()
  })
  afterAll(() => sandbox.stop())

  test.each<[string, (client: RedisKeyValueClient) => Partial<RedisKeyValueClient>, string]>([
    ['has none', () => ({ eval: undefined as never }), 'eval and serverNow are both there'],
    [
      'answers texts as bytes',
      (client) => ({
        eval: async (...call) => {
          const reply = await client.eval!(...call)
          return Array.isArray(reply)
            ? reply.map((part: unknown) => (typeof part === 'string' ? Buffer.from(part) : part))
            : reply
        },
      }),
      'a script gets keys and arguments as they are, and its reply keeps its shape',
    ],
    [
      'answers an error instead of rejecting',
      (client) => ({ eval: (...call) => client.eval!(...call).catch((error: unknown) => error) }),
      'a script that answers an error rejects with its text',
    ],
    [
      'runs them elsewhere',
      (client) => ({ eval: (script, keys, args) => client.eval!(script, keys.map(hashed), args) }),
      'scripts see what was set, and what they set is read',
    ],
    [
      'is ahead of the server',
      (client) => ({ serverNow: () => client.serverNow!()! + 1000 }),
      'serverNow is never later than the clock of the server, and not far behind it',
    ],
    [
      'tells seconds',
      (client) => ({ serverNow: () => client.serverNow!()! / 1000 }),
      'serverNow is never later than the clock of the server, and not far behind it',
    ],
    [
      'never knows',
      () => ({ serverNow: () => null }),
      'serverNow is never later than the clock of the server, and not far behind it',
    ],
    [
      'is pending for ever once it is closed',
      (client) => {
        let closed = false
        return {
          get: (key) => (closed ? new Promise(() => undefined) : client.get(key)),
          close: () => {
            closed = true
            return client.close!()
          },
        }
      },
      'after close every operation settles, and nothing is pending for ever',
    ],
  ])('%s', async (_, change, name) => {
    const create = () => {
      const client = createKeyValueClient({ backend: 'redis', url: sandbox.redis.url }, { deadlineMs: 5000 })
      const { started } = client
      const bound = Object.fromEntries(
        (['get', 'set', 'del', 'ping', 'eval', 'serverNow', 'onReady', 'close'] as const).map((method) => [
          method,
          (client[method] as (...args: never[]) => unknown).bind(client),
        ]),
      )
      return { ...bound, started, ...change(client) } as RedisKeyValueClient
    }
    const check = backendContract({ create }).find((candidate) => candidate.name === name)
    await expect(check!.run()).rejects.toBeInstanceOf(Error)
  })

  function hashed(key: string): string {
    return createHash('sha1').update(key).digest('hex')
  }
})
