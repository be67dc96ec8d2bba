import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { cold } from '../../../src/ops/faults/cold.js'
import { corrupt } from '../../../src/ops/faults/corrupt.js'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import type { Fault } from '../../../src/ops/faults/fault.js'
import { faults } from '../../../src/ops/faults/index.js'
import { narrowed, treats, type Narrowing } from '../../../src/ops/faults/narrowing.js'
import { noperm } from '../../../src/ops/faults/noperm.js'
import { oom } from '../../../src/ops/faults/oom.js'
import { ReplyParser } from '../../../src/ops/faults/resp/reply-parser.js'
import { shortTtl } from '../../../src/ops/faults/short-ttl.js'
import { upstash500 } from '../../../src/ops/faults/upstash-500.js'
import { ask } from '../../../src/ops/sandbox/ask.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { converse, seed, type Commands } from './resp/real-states.js'
import { doorTo, recorder, urlOf } from './rest/services.js'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())

const bounded = { numRuns: 12, seed: 8 }
const beginsWith = (name: string) => ({ name, has: (key: Buffer) => key.toString().startsWith(name) })
const spareNames = () => {
  const names: string[] = []
  return { names, listener: { treated: () => undefined, spared: (name: string) => void names.push(name) } }
}

async function withDoor<T>(
  fault: Fault<TcpDoor>,
  narrowing: Omit<Narrowing, 'seed'> & { seed?: number },
  use: (door: TcpDoor) => Promise<T>,
): Promise<T> {
  const door = narrowed(await createTcpDoor({ upstream: sandbox.redis }), { seed: 1, ...narrowing })
  try {
    await fault.apply(door)
    return await use(door)
  } finally {
    await door.close()
  }
}

/** One for each command. */
function repliesIn(text: string): string[] {
  return new ReplyParser().push(Buffer.from(text, 'latin1')).map(({ bytes }) => bytes.toString('latin1'))
}

const asked = ({ redis }: Sandbox, ...commands: string[][]) =>
  ask({ host: redis.host, port: redis.port, deadlineMs: 5000 }, ...commands)

describe('--only', () => {
  const reads = [
    ['GET', 'a'],
    ['get', 'n'],
    ['GETEX', 'a'],
    ['MGET', 'a', 'n'],
    ['STRLEN', 'a'],
    ['GETRANGE', 'a', '0', '1'],
    ['HGET', 'h', 'f'],
    ['HGETALL', 'h'],
    ['LRANGE', 'l', '0', '-1'],
    ['SET', 'b', 'x'],
    ['INCR', 'n'],
    ['APPEND', 'a', '!'],
    ['EVAL', "return redis.call('GET', KEYS[1])", '1', 'a'],
    ['OBJECT', 'ENCODING', 'a'],
    ['PING'],
    ['GET'],
  ]
  const commands = fc.array(fc.constantFrom(...reads), { minLength: 1, maxLength: 40 })
  const isGet = ([name]: readonly string[]) => /^get$/i.test(name ?? '')

  test.each<[string, Fault<TcpDoor>]>([
    ['corrupt', corrupt],
    ['noperm', noperm],
    ['cold', cold],
  ])('GET touches GET and nothing else: %s', async (_, fault) => {
    const property = fc.asyncProperty(commands, async (next) => {
      await seed(sandbox)
      const sound = repliesIn(await converse(sandbox.redis.port, { next }))
      await seed(sandbox)
      const heard = await withDoor(fault, { only: ['get'] }, async ({ port }) =>
        repliesIn(await converse(port, { next })),
      )
      next.forEach((command, at) => {
        if (isGet(command) && command.length > 1) expect(heard[at]).not.toBe(sound[at])
        else expect(heard[at]).toBe(sound[at])
      })
    })
    await fc.assert(property, bounded)
  })

  test('a container stands for its subcommands, a subcommand for itself; what is spared is counted by name', async () => {
    const next: Commands = [
      ['XGROUP', 'CREATE', 'x', 'g', '$', 'MKSTREAM'],
      ['XGROUP', 'CREATECONSUMER', 'x', 'g', 'c'],
      ['SET', 'b', '1'],
    ]
    for (const [only, refused] of [
      ['xgroup', 2],
      ['xgroup|create', 1],
    ] as const) {
      await seed(sandbox)
      const { names, listener } = spareNames()
      const real = await createTcpDoor({ upstream: sandbox.redis })
      onTestFinished(() => real.close())
      const door = narrowed(real, { seed: 1, only: [only] }, listener)
      await oom.apply(door)
      const replies = repliesIn(await converse(door.port, { next }))
      expect(replies.filter((reply) => reply.startsWith('-OOM'))).toHaveLength(refused)
      expect(door.counts()).toMatchObject({ commandsAnswered: refused, commandsSpared: 3 - refused })
      expect(names).toHaveLength(3 - refused)
      expect(names.at(-1)).toBe('set')
    }
  })
})

describe('--family', () => {
  const key = fc.constantFrom('mine:1', 'mine:2', 'other:1', 'other:2')
  const command = fc.oneof(
    key.map((name) => ['SET', name, '1']),
    fc.array(key, { minLength: 1, maxLength: 3 }).map((names) => ['MSET', ...names.flatMap((n) => [n, '1'])]),
    fc
      .array(key, { minLength: 1, maxLength: 3 })
      .map((names) => [
        'EVAL',
        "for _, key in ipairs(KEYS) do redis.call('SET', key, 1) end",
        `${names.length}`,
        ...names,
      ]),
  )

  test('keys of another family are as they would be, those in the KEYS of a script among them', async () => {
    const property = fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 20 }), async (next) => {
      await asked(sandbox, ['FLUSHALL'])
      const { commandsAdded } = await withDoor(shortTtl, { family: beginsWith('mine:') }, async (door) => {
        await converse(door.port, { next })
        return door.counts()
      })
      const ttls = await asked(sandbox, ['PTTL', 'other:1'], ['PTTL', 'other:2'])
      for (const ttl of ttls) expect(['-1', '-2']).toContain(ttl)
      const keysOf = ([name, ...words]: string[]) =>
        name === 'EVAL' ? words.slice(2) : words.filter((word) => word.includes(':'))
      const meant = next.map(keysOf).filter((keys) => keys.every((each) => each.startsWith('mine:')))
      expect(commandsAdded).toBe(meant.flat().length)
    })
    await fc.assert(property, bounded)
  })

  test('what is about no key is about no family', async () => {
    const counts = await withDoor(noperm, { family: beginsWith('') }, async (door) => {
      await converse(door.port, { next: [['EVAL', 'return 1', '0'], ['DBSIZE'], ['GET', 'a']] })
      return door.counts()
    })
    expect(counts).toMatchObject({ commandsAnswered: 1 })
  })
})

describe('--probability', () => {
  const COUNT = 1000
  const bound = (share: number) => 4 * Math.sqrt(COUNT * share * (1 - share))
  const next = Array.from({ length: COUNT }, () => ['GET', 'a'])
  const refused = (probability: number, seedOfDraws: number) =>
    withDoor(noperm, { only: ['get'], probability, seed: seedOfDraws }, async ({ port }) =>
      repliesIn(await converse(port, { next }))
        .map((reply) => (reply.startsWith('-NOPERM') ? 'x' : '.'))
        .join(''),
    )
  const share = (text: string) => text.replaceAll('.', '').length

  test('is the share that is touched, by the seed always the same ones', async () => {
    const heard: string[] = []
    for (const seedOfDraws of [1, 2, 3]) {
      for (const probability of [0.05, 0.3]) {
        const text = await refused(probability, seedOfDraws)
        expect(Math.abs(share(text) - COUNT * probability)).toBeLessThan(bound(probability))
        heard.push(text)
      }
    }
    expect(new Set(heard).size).toBe(heard.length)
    expect(await refused(0.3, 3)).toBe(heard.at(-1))
    expect(share(await refused(1, 1))).toBe(COUNT)
  })

  test('counts requests where HTTP is spoken', async () => {
    const service = await recorder()
    const door = narrowed(await doorTo(service), { seed: 1, probability: 0.5 })
    await upstash500.apply(door)
    const statuses: number[] = []
    for (let at = 0; at < 60; at++)
      statuses.push((await fetch(urlOf(door), { method: 'POST', body: '[]' })).status)
    const failed = statuses.filter((status) => status === 500).length
    expect(Math.abs(failed - 30)).toBeLessThan(4 * Math.sqrt(15))
    expect(service.requests).toHaveLength(60 - failed)
    expect(door.counts()).toMatchObject({ requestsAnswered: failed, requestsSpared: 60 - failed })
    await upstash500.lift(door)
    expect((await fetch(urlOf(door), { method: 'POST', body: '[]' })).status).toBe(200)
  })
})

test('what is of the connection, or of the server, cannot be narrowed', async () => {
  const by: Record<string, string[]> = { commands: [], requests: [], null: [] }
  for (const fault of faults) by[String(await treats(fault))]!.push(fault.name)
  expect(by['commands']).toEqual(
    expect.arrayContaining(['oom', 'readonly', 'loading', 'noauth', 'corrupt', 'swapped-replies', 'poison']),
  )
  expect(by['requests']).toEqual(expect.arrayContaining(['upstash-500', 'upstash-hang', 'supabase-5xx']))
  expect(by['null']).toEqual(
    expect.arrayContaining(['refused', 'stall', 'latency', 'maxclients', 'sigkill', 'tls-expired', 'unset']),
  )
})
