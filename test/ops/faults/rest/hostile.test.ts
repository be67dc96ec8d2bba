import fc from 'fast-check'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { RestDoor } from '../../../../src/ops/faults/doors/door.js'
import { until } from '../../sandbox/until.js'
import { rawClient, type RawClient } from '../raw-client.js'
import { doorTo, recorder } from './services.js'

const answer = { kind: 'answer', status: 503, contentType: 'text/plain', body: 'no' } as const
const moves: Readonly<Record<string, (door: RestDoor) => Promise<void>>> = {
  open: (door) => door.open(),
  hold: (door) => door.interfere(() => ({ kind: 'hold' })),
  answer: (door) => door.interfere(() => answer),
  slow: (door) => door.interfere(() => ({ kind: 'slow', delayMs: 1, pieces: 3, everyMs: 1 })),
  stall: (door) => door.stall(),
  reset: (door) => door.reset(),
  forget: (door) => door.forget(),
  endLate: (door) => door.endLate(5),
  drip: (door) => door.drip({ bytes: 200, everyMs: 1 }),
}

const move = fc.constantFrom(...Object.keys(moves))
const bytes = (text: string) => Buffer.from(text, 'latin1')
const noise = fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each))
const line = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'CONNECT', 'TRACE', 'PRI', 'get', '', 'G\0T', 'DELETE'),
    fc.constantFrom('/', '*', 'http://10.0.0.1/', '10.0.0.1:80', '/%', '/\u00ff', '/ /', '//', '/?\\', '/#'),
    fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/1.1 ', 'RTSP/1.0', ''),
  )
  .map((parts) => parts.join(' '))
const header = fc.constantFrom(
  'Host: a',
  'Connection: close',
  'Connection: keep-alive, Upgrade',
  'Upgrade: websocket',
  'Expect: 100-continue',
  'Expect: the impossible',
  'Content-Length: 0',
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding : chunked',
  ' folded: x',
  ': nameless',
  'X-\u00e9: \u00ff',
  `X-Long: ${'y'.repeat(20_000)}`,
  `Cookie: ${'z'.repeat(5000)}`,
)
const body = fc.constantFrom(
  '',
  'hello',
  'hel',
  '5\r\nhello\r\n0\r\n\r\n',
  '5\r\nhello',
  'ffffffffffff\r\n',
  '-1\r\n',
  '0\r\nX: y\r\n\r\n',
  ';;;\r\n',
)
const request = fc
  .tuple(line, fc.array(header, { maxLength: 5 }), body)
  .map(([first, lines, rest]) => bytes(`${[first, ...lines].join('\r\n')}\r\n\r\n${rest}`))
const sound = fc
  .constantFrom('GET', 'HEAD', 'DELETE')
  .map((method) => bytes(`${method} /a HTTP/1.1\r\nHost: a\r\n\r\n`))
const pipelined = fc
  .array(fc.oneof(sound, request), { minLength: 1, maxLength: 12 })
  .map((each) => Buffer.concat(each))
const cutAnywhere = fc
  .tuple(pipelined, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([all, share]) => all.subarray(0, Math.floor(all.length * share)))
const hostileBytes = fc.oneof(noise, request, pipelined, cutAnywhere)
const attack = fc.record({
  steps: fc.array(fc.tuple(move, hostileBytes), { minLength: 1, maxLength: 5 }),
  leaves: fc.constantFrom('end', 'reset', 'stays'),
})
const statusLine = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.1 204 No',
  'HTTP/1.1 101 Switching',
  'HTTP/1.1 099 Odd',
  'HTTP/1.1 999 Odd',
  'HTTP/1.1 1000 X',
  'HTTP/1.1 100 Continue',
  'HTTP/1.1 304 \u00ff\u0001',
  'nonsense',
)
const said = fc.oneof(
  noise,
  fc
    .tuple(statusLine, fc.array(header, { maxLength: 4 }), body)
    .map(([first, lines, rest]) => bytes(`${[first, ...lines].join('\r\n')}\r\n\r\n${rest}`)),
)

const bounded = { seed: 8, numRuns: 40, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: true }
const WELL = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nwell'

async function serves(one: RawClient): Promise<void> {
  const before = one.received().length
  await one.write(WELL)
  const heard = () => one.received().subarray(before).toString()
  await until('answered', () => heard().includes('well') || one.state() !== 'open')
  expect(heard()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n[^]*well/)
}

async function play(door: RestDoor, clients: RawClient[], steps: [string, Buffer][][]): Promise<void> {
  for (let step = 0; step < 5; step++) {
    for (const [index, each] of steps.entries()) {
      const [name, what] = each[step] ?? []
      if (name === undefined) continue
      await moves[name]!(door)
      clients[index]!.socket.write(what!)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

describe('a door to a REST API', () => {
  test(
    'outlives whatever its clients say, under rules that change as they speak',
    { timeout: 60_000 },
    async () => {
      const service = await recorder()
      const door = await doorTo(service)
      const memory = process.memoryUsage.rss()
      const run = fc.asyncProperty(fc.array(attack, { minLength: 1, maxLength: 3 }), async (attacks) => {
        const bystander = await rawClient(door.port)
        const { requestsSeen } = door.counts()
        const hostile = await Promise.all(attacks.map(() => rawClient(door.port)))
        await until('there', () => door.openConnections() >= attacks.length + 1)
        await play(
          door,
          hostile,
          attacks.map(({ steps }) => steps),
        )
        for (const [index, { leaves }] of attacks.entries()) {
          if (leaves === 'end') hostile[index]!.socket.end()
          if (leaves === 'reset') hostile[index]!.socket.resetAndDestroy()
        }
        await door.open()
        const fresh = await rawClient(door.port)
        await serves(fresh)
        const lost = ['reset', 'forget', 'endLate']
        if (!attacks.some(({ steps }) => steps.some(([name]) => lost.includes(name)))) await serves(bystander)
        expect(door.counts().requestsSeen).toBeGreaterThan(requestsSeen)
        for (const { socket } of [bystander, fresh, ...hostile]) socket.destroy()
        service.requests.length = 0
      })
      await fc.assert(run, bounded)
      await until('all gone', () => door.openConnections() === 0)
      expect(process.memoryUsage.rss() - memory).toBeLessThan(300 * 1024 * 1024)
    },
  )

  test('outlives whatever its service says', { timeout: 60_000 }, async () => {
    let script: Buffer[] = []
    const server: Server = createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', () => {
        const next = script.shift()
        if (next === undefined) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell')
        // Its connection is of no use to the next request.
        else socket.end(next)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const door = await doorTo({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })
    const run = fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom('open', 'slow'), sound, said), { minLength: 1, maxLength: 4 }),
      async (steps) => {
        for (const [name, asked, what] of steps) {
          script = [what]
          await moves[name]!(door)
          const victim = await rawClient(door.port)
          await victim.write(asked)
          await until('said', () => script.length === 0)
          victim.socket.destroy()
        }
        await door.open()
        const fresh = await rawClient(door.port)
        await serves(fresh)
        fresh.socket.destroy()
      },
    )
    await fc.assert(run, bounded)
    await until('all gone', () => door.openConnections() === 0)
    server.close()
  })

  test('keeps so many requests that wait and no more, however many one connection brings', async () => {
    const door = await doorTo(await recorder())
    await door.interfere(() => ({ kind: 'hold' }))
    const one = await rawClient(door.port)
    const many = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(5000))
    one.socket.write(many)
    await one.closed
    await until('all that was kept', () => door.counts().requestsHeld === 4096)
    await door.interfere(() => answer)
    const next = await rawClient(door.port)
    await next.write(WELL)
    await until('answered', () => next.received().toString().startsWith('HTTP/1.1 503'))
  })
})
