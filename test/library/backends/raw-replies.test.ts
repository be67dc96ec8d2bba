import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOperatorClient } from '../../../src/library/backends/operator.js'
import { RawReplies } from '../../../src/library/backends/raw-replies.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'

let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())

const encoded = (...words: string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`

/** One reply of each kind, as Redis sends them. */
const REPLIES = Buffer.from(
  ':-12\r\n+OK\r\n$5\r\na\r\nb\u0001\r\n$-1\r\n_\r\n*-1\r\n*2\r\n$0\r\n\r\n*1\r\n:7\r\n-MOVED 3 127.0.0.1:1\r\n:0\r\n',
)
const VALUES = [-12, 'OK', Buffer.from('a\r\nb\u0001'), null, null, null, [Buffer.alloc(0), [7]]]

test('replies are the same wherever the network cuts them', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: REPLIES.length - 1 }), { maxLength: 6 }), (cuts) => {
      const replies = new RawReplies(9, 'here')
      let rest = Buffer.alloc(0)
      const ends = [...cuts.sort((a, b) => a - b), REPLIES.length]
      for (const [index, end] of ends.entries()) {
        const bytes = Buffer.concat([rest, REPLIES.subarray(ends[index - 1] ?? 0, end)])
        rest = bytes.subarray(replies.read(bytes, 0))
      }
      expect(replies.done).toBe(true)
      expect(rest).toHaveLength(0)
      expect(replies.values.slice(0, 7)).toEqual(VALUES)
      expect(replies.values[7]).toMatchObject({ code: 'MOVED' })
      expect(replies.values[8]).toBe(0)
    }),
  )
})

test('what is no reply of Redis is an error and not a value', () => {
  expect(() => new RawReplies(1, 'here').read(Buffer.from('HTTP/1.1 200 OK\r\n'), 0)).toThrow(/here answered/)
})

test.each([2, 3] as const)('RESP%i: one connection, both ways of asking, in any order', async (protocol) => {
  const client = await createOperatorClient({ url: sandbox.redis.url, protocol })
  await client.send('SET', 'n', '0')
  const answers = await Promise.all([
    client.send('INCR', 'n'),
    client.exchange!(
      Buffer.from(encoded('INCR', 'n') + encoded('GET', 'none') + encoded('LPUSH', 'n', 'x')),
      3,
    ),
    client.exchange!(Buffer.from(encoded('INCR', 'n')), 1),
    client.pipeline([
      ['INCR', 'n'],
      ['GET', 'n'],
    ]),
    client.exchange!(Buffer.from(encoded('EXISTS', 'n')), 1),
  ])
  const numbers = answers.flat().filter((reply) => typeof reply === 'number')
  // Each in its own reply, whichever was sent first.
  expect(numbers.toSorted((a, b) => a - b)).toEqual([1, 1, 2, 3, 4])
  expect(answers[1].slice(1)).toMatchObject([null, { code: 'WRONGTYPE' }])
  expect(await client.send('GET', 'n')).toBe('4')
  client.close()
})

test('a connection that is lost, and one that is closed, end what waits', async () => {
  const client = await createOperatorClient({ url: sandbox.redis.url })
  const other = await createOperatorClient({ url: sandbox.redis.url })
  const blocked = client.exchange!(Buffer.from(encoded('BLPOP', 'nothing', '0')), 1)
  const behind = client.send('PING')
  // Both end before the next line is reached.
  const ends = Promise.allSettled([blocked, behind])
  await other.send('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  const closed = { status: 'rejected', reason: { code: 'CLOSED' } }
  expect(await ends).toMatchObject([closed, closed])
  // Whoever asks later is not kept waiting either.
  await expect(client.exchange!(Buffer.from(encoded('PING')), 1)).rejects.toMatchObject({ code: 'CLOSED' })
  other.close()
  await expect(other.exchange!(Buffer.from(encoded('PING')), 1)).rejects.toMatchObject({ code: 'CLOSED' })
})

test('a server that hangs is not waited for beyond the deadline', async () => {
  const client = await createOperatorClient({ url: sandbox.redis.url, deadlineMs: 100 })
  sandbox.redis.freeze()
  await expect(client.exchange!(Buffer.from(encoded('PING')), 1)).rejects.toMatchObject({ code: 'TIMEOUT' })
  sandbox.redis.thaw()
})
