import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { corrupt } from '../../../src/ops/faults/corrupt.js'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { drawn } from '../../../src/ops/faults/drawn.js'
import { miss } from '../../../src/ops/faults/miss.js'
import { poison } from '../../../src/ops/faults/poison.js'
import { withOtherPayloads } from '../../../src/ops/faults/resp/bulk-payloads.js'
import { shortTtl } from '../../../src/ops/faults/short-ttl.js'
import { swappedReplies } from '../../../src/ops/faults/swapped-replies.js'
import { ask } from '../../../src/ops/sandbox/ask.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../sandbox/until.js'
import { converse, masked, seed } from './resp/real-states.js'

let sandbox: Sandbox
let door: TcpDoor
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())
beforeEach(async () => {
  await seed(sandbox)
  door = await createTcpDoor({ upstream: sandbox.redis })
})
afterEach(() => door.close())

const direct = (...commands: string[][]) =>
  ask({ host: sandbox.redis.host, port: sandbox.redis.port, deadlineMs: 5000 }, ...commands)
const get = (key: string) => ['GET', key]
const times = (count: number, command: string[]) => Array.from({ length: count }, () => command)

describe('corrupt', () => {
  const READS = [
    get('a'),
    ['MGET', 'a', 'n', 'none'],
    ['HGETALL', 'h'],
    ['LRANGE', 'l', '0', '-1'],
    ['STRLEN', 'a'],
  ]

  test.each([
    ['RESP2', []],
    ['RESP3', [['HELLO', '3']]],
  ])('changes one bit of each value, and nothing else: %s', async (_, hello) => {
    const talk = { first: hello, next: READS }
    const sound = masked(await converse(sandbox.redis.port, talk))
    await corrupt.apply(door)
    const heard = masked(await converse(door.port, talk))
    const bits = (left: string, right: string) =>
      [...left].map((char, at) => char.charCodeAt(0) ^ right.charCodeAt(at)).filter((bit) => bit !== 0)
    expect(heard.length).toBe(sound.length)
    expect(bits(sound, heard)).toEqual([1, 1, 1, 1, 1, 1, 1])
  })

  test('leaves alone what is no value', async () => {
    await corrupt.apply(door)
    const next = [
      ['SET', 'b', '1'],
      ['ECHO', 'x'],
      ['EVAL', "return redis.call('GET', 'a')", '0'],
    ]
    expect(await converse(door.port, { next })).toBe('+OK\r\n$1\r\nx\r\n$3\r\none\r\n')
  })

  test('a payload that looks like a reply is a payload', () => {
    const reply = Buffer.from('*2\r\n$8\r\n$1\r\nx\r\n\n\r\n$0\r\n\r\n')
    const seen: string[] = []
    withOtherPayloads(reply, (payload) => void seen.push(payload.toString()))
    expect(seen).toEqual(['$1\r\nx\r\n\n'])
  })
})

describe('swapped-replies', () => {
  test('two that wait at once change places', async () => {
    await swappedReplies.apply(door)
    expect(await converse(door.port, { next: [get('a'), get('n')] })).toBe('$1\r\n1\r\n$3\r\none\r\n')
    expect(door.counts().repliesSwapped).toBe(2)
  })

  test('one that waits alone gets that of the one before, and its own is for the next', async () => {
    await swappedReplies.apply(door)
    const { port } = door
    const talk = await converse(port, { first: [get('a')], next: [['PING'], get('n')] })
    expect(talk).toBe('$3\r\none\r\n+PONG\r\n$3\r\none\r\n')
  })

  test('who asks the same again gets no older answer', async () => {
    await swappedReplies.apply(door)
    const next = [get('a'), ['SET', 'a', 'two'], get('a'), get('a'), get('a')]
    expect(await converse(door.port, { next })).toBe(`$3\r\none\r\n+OK\r\n${'$3\r\ntwo\r\n'.repeat(3)}`)
    expect(door.counts().repliesSwapped).toBe(0)
    await converse(sandbox.redis.port, { next: [['SET', 'a', 'one']] })
  })

  test('writes, scripts and transactions are answered as they are', async () => {
    await swappedReplies.apply(door)
    const next = [['MULTI'], get('a'), get('n'), ['EXEC'], ['SET', 'b', '1'], ['EVAL', 'return 7', '0']]
    const fromServer = await converse(sandbox.redis.port, { next })
    expect(await converse(door.port, { next })).toBe(fromServer)
  })
})

describe('poison', () => {
  test('answers as a server in which the garbage is', async () => {
    await poison.apply(door)
    const heard = await converse(door.port, { next: times(30, get('a')) })
    const values = ['{"key":"drill', 'null', '[]', `"${'x'.repeat(2 * 1024 * 1024)}"`]
    await direct(...values.map((value, at) => ['SET', `p${at}`, value]))
    const real = await converse(sandbox.redis.port, {
      next: [...values.map((_, at) => get(`p${at}`)), get('l')],
    })
    const kinds = (text: string) => new Set(text.split(/(?=^[$-]\d|^-W)/m))
    expect(kinds(heard)).toEqual(kinds(real))
  })

  test('what is not there is a miss still', async () => {
    await poison.apply(door)
    expect(await converse(door.port, { next: [get('none'), get('l')] })).toBe(
      '$-1\r\n-WRONGTYPE Operation against a key holding the wrong kind of value\r\n',
    )
  })
})

describe('miss', () => {
  test('three reads in ten find nothing, and always the same ones', async () => {
    const heard = []
    for (let round = 0; round < 2; round++) {
      const own = await createTcpDoor({ upstream: sandbox.redis })
      await miss.apply(own)
      heard.push(await converse(own.port, { next: times(500, get('a')) }))
      await own.close()
    }
    const misses = heard[0]!.split('$-1').length - 1
    expect(Math.abs(misses - 150)).toBeLessThan(4 * Math.sqrt(500 * 0.3 * 0.7))
    expect(heard[1]).toBe(heard[0])
  })

  test('scripts and writes find everything', async () => {
    await miss.apply(door)
    const heard = await converse(door.port, {
      next: times(20, ['EVAL', "return redis.call('GET', 'a')", '0']),
    })
    expect(heard).toBe('$3\r\none\r\n'.repeat(20))
  })
})

describe('short-ttl', () => {
  const ttl = async (key: string) => Number((await direct(['PTTL', key]))[0]?.replace(':', ''))
  const gone = async (key: string) => (await direct(['EXISTS', key]))[0] === '0'

  test('what is written expires, by whatever command, and the client hears nothing of it', async () => {
    await shortTtl.apply(door)
    const next = [
      ['SET', 'b', '1'],
      ['MSET', 'c', '1', 'd', '1'],
      ['EVAL', "return redis.call('SET', KEYS[1], 'x')", '1', 'e'],
      ['ZUNIONSTORE', 'f', '1', 'z'],
      get('a'),
    ]
    expect(await converse(door.port, { next })).toBe('+OK\r\n+OK\r\n+OK\r\n:1\r\n$3\r\none\r\n')
    for (const key of ['b', 'c', 'd', 'e', 'f']) await until(`${key} gone`, () => gone(key))
    expect(await ttl('a')).toBe(-1)
    // ZUNIONSTORE also read `z`, as a script may have done with what it was given.
    expect(door.counts().commandsAdded).toBe(6)
  })

  test('a transaction is followed as a whole', async () => {
    await shortTtl.apply(door)
    const next = [['MULTI'], ['SET', 'b', '1'], get('a'), ['EXEC'], ['PING']]
    expect(await converse(door.port, { next })).toBe(
      '+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n$3\r\none\r\n+PONG\r\n',
    )
    await until('gone', () => gone('b'))
  })

  test('less than that stays less', async () => {
    await shortTtl.apply(door)
    await converse(door.port, { next: [['SET', 'b', '1', 'PX', '1']] })
    await until('gone', () => gone('b'))
    expect(shortTtl.witness({ ...door.counts(), commandsAdded: 0 }, door.counts()).witnessed).toBe(true)
  })
})

test('what is drawn is spread evenly, and is the same for who asks again', () => {
  const buckets = Array.from({ length: 10 }, () => 0)
  for (let index = 0; index < 10_000; index++) buckets[Math.floor(drawn(7, index) * 10)]! += 1
  for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(900))
  expect(drawn(7, 3)).toBe(drawn(7, 3))
  expect(drawn(8, 3)).not.toBe(drawn(7, 3))
})
