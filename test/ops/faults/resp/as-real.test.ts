import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { busy } from '../../../../src/ops/faults/busy.js'
import { cold } from '../../../../src/ops/faults/cold.js'
import type { TcpDoor } from '../../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../../src/ops/faults/doors/tcp.js'
import { loading } from '../../../../src/ops/faults/loading.js'
import { masterdown } from '../../../../src/ops/faults/masterdown.js'
import { misconf } from '../../../../src/ops/faults/misconf.js'
import { oom } from '../../../../src/ops/faults/oom.js'
import { readonly } from '../../../../src/ops/faults/readonly.js'
import { startSandbox, type Sandbox } from '../../../../src/ops/sandbox/start-sandbox.js'
import {
  busyServer,
  converse,
  loadingServer,
  masked,
  realStates,
  seed,
  spoilSnapshots,
  tell,
  type Commands,
} from './real-states.js'
import { READS, rows, script, versions, WRITES, type Row } from './rows.js'

// A real server that is in a state, and a healthy one behind a door that plays it, are told the same.
let real: Sandbox
let healthy: Sandbox
let door: TcpDoor
beforeAll(async () => {
  ;[real, healthy] = await Promise.all([startSandbox(), startSandbox()])
  await spoilSnapshots(real)
})
afterAll(() => Promise.all([real.stop(), healthy.stop()]))
beforeEach(async () => {
  await Promise.all([seed(real), seed(healthy)])
  door = await createTcpDoor({ upstream: healthy.redis })
})
afterEach(() => door.close())

describe.each([oom, readonly, misconf, masterdown])('$name', (fault) => {
  const state = realStates[fault.name as keyof typeof realStates]
  afterEach(() => tell(real, ...state.leave))

  async function both(first: Commands, next: Commands, chunk?: number): Promise<[string, string]> {
    const size = chunk === undefined ? {} : { chunk }
    const real_ = await converse(real.redis.port, {
      first,
      next,
      between: () => tell(real, ...state.enter),
      ...size,
    })
    const played = await converse(door.port, { first, next, between: () => fault.apply(door), ...size })
    return [masked(real_), masked(played)]
  }

  describe.each(versions)('%s', (_, hello) => {
    test.each(rows)('$name', async ({ first = [], next }) => {
      const [expected, played] = await both([...hello, ...first], next)
      expect(played).toBe(expected)
    })

    test('whatever is said, in whatever chunks', { timeout: 120_000 }, async () => {
      const said = fc.constantFrom<readonly string[]>(
        ...rows
          .flatMap(({ next }) => next)
          .filter(([name]) => !['FUNCTION', 'EVALSHA', 'RESET'].includes(name ?? ''))
          // A script that the door refuses does not reach the server, which then does not know it by name.
          .filter(([name, what]) => !(name === 'SCRIPT' && what === 'EXISTS')),
        ['MULTI'],
        ['MULTI'],
        ['EXEC'],
        ['EXEC'],
      )
      await fc.assert(
        fc.asyncProperty(
          fc.array(said, { maxLength: 6 }),
          fc.array(said, { maxLength: 12 }),
          fc.integer({ min: 1, max: 200 }),
          async (first, next, chunk) => {
            await Promise.all([tell(real, ...state.leave), fault.lift(door)])
            await Promise.all([seed(real), seed(healthy)])
            // What a script does that was queued before, the door cannot know: docs/faults say so.
            const known = first.filter(([name]) => name !== 'EVAL')
            const [expected, played] = await both([...hello, ...known], next, chunk)
            expect(played).toBe(expected)
          },
        ),
        { numRuns: 40 },
      )
    })
  })
})

describe('loading', () => {
  let server: Awaited<ReturnType<typeof loadingServer>>
  let donor: Sandbox
  beforeAll(async () => {
    donor = await startSandbox()
    server = await loadingServer(donor)
  })
  afterAll(async () => {
    await server.stop()
    await donor.stop()
  })

  test.each(versions.flatMap(([version, hello]) => rows.map((row) => ({ ...row, version, hello }))))(
    '$version: $name',
    async ({ hello, first = [], next }) => {
      const commands = [...hello, ...first, ...next]
      await loading.apply(door)
      expect(masked(await converse(door.port, { next: commands }))).toBe(
        masked(await converse(server.port, { next: commands })),
      )
    },
  )

  test.each(versions)('INFO in %s says so, field by field', async (_, hello) => {
    await loading.apply(door)
    for (const info of [['INFO'], ['INFO', 'persistence'], ['INFO', 'server']]) {
      const talk = { next: [...hello, info] }
      const [played, expected] = [await converse(door.port, talk), await converse(server.port, talk)]
      const fields = (text: string) =>
        (text.match(/^[a-z_]+(?=:)/gm) ?? []).filter((name) => !/^(loading|errorstat|cmdstat|db)/.test(name))
      const ofLoading = (text: string) => text.match(/^(async_)?loading[a-z_]*(?=:)/gm) ?? []
      expect(ofLoading(played)).toEqual(ofLoading(expected))
      expect(fields(played)).toEqual(fields(expected))
      expect(played.includes('\nloading:1\r\n')).toBe(info[1] !== 'server')
    }
  })
})

describe('busy', () => {
  const queue: Commands = [['MULTI'], ['SET', 'a', '1'], ['GET', 'a']]
  const onQueue: Commands = [['EXEC'], ['EXEC'], ['GET', 'a']]
  const more: Row[] = [
    {
      name: 'administration',
      next: [['INFO'], ['CONFIG', 'GET', 'save'], ['CLIENT', 'ID'], ['COMMAND', 'COUNT']],
    },
    { name: 'who is there', next: [['HELLO', '3'], ['AUTH', 'u', 'p'], ['HELLO', '2'], ['RESET']] },
    {
      name: 'its remedies',
      next: [
        ['SCRIPT', 'KILL'],
        ['FUNCTION', 'KILL'],
        ['FUNCTION', 'STATS'],
      ],
    },
    { name: 'its remedies in MULTI', next: [['MULTI'], ['SCRIPT', 'KILL'], ['EXEC'], ['PING']] },
    { name: 'SHUTDOWN', next: [['SHUTDOWN'], ['SHUTDOWN', 'SAVE'], ['shutdown', 'now'], ['SHUTDOWN', 'X']] },
    { name: 'SHUTDOWN in MULTI', next: [['MULTI'], ['SHUTDOWN'], ['EXEC']] },
    { name: 'subscribing', next: [['SUBSCRIBE', 'c'], ['PUBLISH', 'c', 'm'], ['MONITOR'], ['PING']] },
    { name: 'leaving', next: [['GET', 'a'], ['QUIT']] },
  ]
  let server: Awaited<ReturnType<typeof busyServer>>
  let fromBefore: string
  beforeAll(async () => {
    server = await busyServer(real)
    fromBefore = await converse(server.port, { first: queue, between: server.begin, next: onQueue })
  })
  afterAll(() => server.stop())

  test.each(
    versions.flatMap(([version, hello]) => [...rows, ...more].map((row) => ({ ...row, version, hello }))),
  )('$version: $name', async ({ hello, first = [], next }) => {
    const commands = [...hello, ...first, ...next]
    await busy.apply(door)
    expect(masked(await converse(door.port, { next: commands }))).toBe(
      masked(await converse(server.port, { next: commands })),
    )
  })

  test('a queue from before is given up', async () => {
    const between = () => Promise.resolve(busy.apply(door))
    expect(await converse(door.port, { first: queue, between, next: onQueue })).toBe(fromBefore)
    expect(fromBefore).toContain('-EXECABORT')
  })
})

describe('cold', () => {
  const reads: Commands = [
    ['GET', 'a'],
    ['MGET', 'a', 'n'],
    ['EXISTS', 'a', 'n'],
    ['HGETALL', 'h'],
    ['LRANGE', 'l', '0', '-1'],
    ['SMEMBERS', 's'],
    ['ZRANGE', 'z', '0', '-1', 'WITHSCORES'],
    ['ZUNION', '1', 'z', 'WITHSCORES'],
    ['SINTERCARD', '1', 's', 'LIMIT', '1'],
    ['TTL', 'a'],
    ['TYPE', 'a'],
    ['STRLEN', 'a'],
    ['GETEX', 'a', 'PERSIST'],
    ['XREAD', 'COUNT', '1', 'STREAMS', 'x', '0'],
    ['OBJECT', 'ENCODING', 'a'],
    ['DBSIZE'],
    ['KEYS', '*'],
    ['SCAN', '0', 'COUNT', '1000'],
    ['RANDOMKEY'],
    ['GET'],
    ['NOSUCH'],
    ['MULTI'],
    ['GET', 'a'],
    ['DBSIZE'],
    ['EXEC'],
    script(READS),
    script("return redis.call('MGET', 'a', 'n')"),
    script("return redis.call('HGETALL', 'h')"),
    ['EVAL_RO', READS, '1', 'a'],
    script("return redis.call('GET')"),
  ]

  test.each(versions)('is as an empty server: %s', async (_, hello) => {
    await tell(real, ['FLUSHALL'])
    await cold.apply(door)
    const talk = { next: [...hello, ...reads] }
    expect(masked(await converse(door.port, talk))).toBe(masked(await converse(real.redis.port, talk)))
  })

  test('stores and deletes all the same, and finds everything again afterwards', async () => {
    await cold.apply(door)
    const during = await converse(door.port, {
      next: [['SET', 'a', 'new'], ['GET', 'a'], ['DEL', 'n'], script(WRITES, 'newer')],
    })
    expect(during).toBe('+OK\r\n$-1\r\n:1\r\n+OK\r\n')
    await cold.lift(door)
    expect(
      await converse(door.port, {
        next: [
          ['GET', 'a'],
          ['GET', 'n'],
          ['LLEN', 'l'],
        ],
      }),
    ).toBe('$5\r\nnewer\r\n$-1\r\n:2\r\n')
  })
})
