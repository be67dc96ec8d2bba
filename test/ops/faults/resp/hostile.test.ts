import fc from 'fast-check'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cold } from '../../../../src/ops/faults/cold.js'
import { cut } from '../../../../src/ops/faults/cut.js'
import { noCounts } from '../../../../src/ops/faults/doors/counts.js'
import type { TcpDoor } from '../../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../../src/ops/faults/doors/tcp.js'
import { Gathered } from '../../../../src/ops/faults/gathered.js'
import { loading } from '../../../../src/ops/faults/loading.js'
import { oom } from '../../../../src/ops/faults/oom.js'
import { Conversation } from '../../../../src/ops/faults/resp/conversation.js'
import { ScriptShelf } from '../../../../src/ops/faults/resp/script-shelf.js'
import { startSandbox, type Sandbox } from '../../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../../sandbox/until.js'
import { rawClient, type RawClient } from '../raw-client.js'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())

const change = (reply: Buffer) => Buffer.concat([reply, reply])
/** What may be done to a door at any moment; the last ones are of the network. */
const moves: Readonly<Record<string, (door: TcpDoor) => Promise<void>>> = {
  open: (door) => door.open(),
  oom: (door) => oom.apply(door),
  cold: (door) => cold.apply(door),
  loading: (door) => loading.apply(door),
  cut: (door) => cut.apply(door),
  change: (door) => door.interfere(() => ({ kind: 'change', change })),
  instead: (door) => door.interfere(() => ({ kind: 'instead', words: ['ECHO', 'x'], change })),
  stall: (door) => door.stall(),
  reset: (door) => door.reset(),
  forget: (door) => door.forget(),
  endLate: (door) => door.endLate(5),
  delay: (door) => door.delay(() => 2),
  drip: (door) => door.drip({ bytes: 100, everyMs: 1 }),
}

const move = fc.constantFrom(...Object.keys(moves))
const bytes = (text: string) => Buffer.from(text, 'latin1')
const length = fc.oneof(
  fc.constantFrom(
    '-1',
    '-0',
    '',
    '1e3',
    '0x10',
    '+5',
    ' 1',
    '9'.repeat(40),
    String(2 ** 31),
    String(2 ** 53),
  ),
  fc.constantFrom('0', '1', '2', '3', '1048576', '1048577', '536870912', '4294967296'),
)
const noise = fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each))
const headers = fc
  .array(fc.tuple(fc.constantFrom(...'* $ > % ~ | = ! + - : _ # , ('.split(' ')), length), {
    minLength: 1,
    maxLength: 8,
  })
  .map((lines) => bytes(lines.map(([type, count]) => `${type}${count}\r\n`).join('')))
const nested = fc
  .tuple(fc.constantFrom('>', '*', '%', '|'), fc.integer({ min: 1, max: 3000 }))
  .map(([type, depth]) => bytes(`${type}2\r\n`.repeat(depth)))
const giant = fc
  .tuple(fc.constantFrom('x', ' ', 'x ', '\n', '\r', '$', '"'), fc.integer({ min: 1, max: 80_000 }))
  .map(([what, times]) => bytes(what.repeat(times)))

const word = fc.oneof(
  fc.constantFrom('GET', 'SET', 'EVAL', 'EVALSHA', 'MULTI', 'EXEC', 'DISCARD', 'SUBSCRIBE', 'HELLO', 'XREAD'),
  fc.constantFrom('SCRIPT', 'LOAD', 'INFO', 'CLIENT', 'REPLY', 'OFF', 'MONITOR', 'GETEX', 'RESET', 'STREAMS'),
  fc.constantFrom('a', '1', '3', '-1', '', 'return 1', '#!lua flags=no-writes\nreturn 1', '\r\n'),
)
const command = fc
  .array(word, { minLength: 1, maxLength: 6 })
  .map((words) =>
    bytes(`*${words.length}\r\n${words.map((each) => `$${each.length}\r\n${each}\r\n`).join('')}`),
  )
const pipeline = fc.array(command, { minLength: 1, maxLength: 20 }).map((each) => Buffer.concat(each))
const cutAnywhere = fc
  .tuple(pipeline, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([all, share]) => all.subarray(0, Math.floor(all.length * share)))

const hostileBytes = fc.oneof(noise, headers, nested, giant, pipeline, cutAnywhere)
const replies = fc.oneof(
  noise,
  headers,
  nested,
  giant,
  fc.constantFrom('+OK\r\n', '$3\r\nabc\r\n', ':1\r\n').map(bytes),
)
const leaves = fc.constantFrom('end', 'reset', 'stays')
const attack = fc.record({
  steps: fc.array(fc.tuple(move, hostileBytes), { minLength: 1, maxLength: 6 }),
  leaves,
})

const bounded = { seed: 8, numRuns: 40, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: true }

function leave({ socket }: RawClient, how: string): void {
  if (how === 'end') socket.end()
  else if (how === 'reset') socket.resetAndDestroy()
}

/** A client that asks is answered, and nothing but that. */
async function serves(door: TcpDoor, one: RawClient): Promise<void> {
  const before = one.received().length
  await one.write('*2\r\n$4\r\nECHO\r\n$4\r\nwell\r\n')
  await until('answered', () => one.received().length > before + 9 || one.state() !== 'open')
  expect(one.received().subarray(before).toString()).toBe('$4\r\nwell\r\n')
  expect(door.openConnections()).toBeGreaterThan(0)
}

describe('byte by byte', () => {
  const BYTES = 300_000

  test('a command that is held until it is whole costs no more than what is kept of it', () => {
    const conversation = new Conversation(() => ({ kind: 'pass' }), new ScriptShelf(), noCounts())
    const piece = bytes('x')
    const head = `*2\r\n$4\r\nECHO\r\n$${BYTES}\r\n`
    for (const each of head) conversation.fromClient(bytes(each))
    let early = 0
    for (let at = 0; at < BYTES; at++) early += conversation.fromClient(piece).length
    expect(early).toBe(0)
    conversation.fromClient(bytes('\r'))
    const sent = conversation.fromClient(bytes('\n'))
    expect(Buffer.concat(sent).length).toBe(head.length + BYTES + 2)
    expect(sent.length).toBeLessThan(2048)
  })

  test('so does what is gathered, in order', () => {
    const gathered = new Gathered()
    for (let at = 0; at < 5000; at++) gathered.add(Buffer.from([at % 256]))
    expect(gathered.bytes).toBe(5000)
    const pieces = gathered.take()
    expect(pieces.length).toBeLessThan(1100)
    expect(Buffer.concat(pieces)).toEqual(Buffer.from(Array.from({ length: 5000 }, (_, at) => at % 256)))
    expect([gathered.bytes, gathered.take()]).toEqual([0, []])
  })
})

describe('a door to Redis', () => {
  test(
    'outlives whatever its clients say, under rules that change as they speak',
    { timeout: 60_000 },
    async () => {
      const door = await createTcpDoor({ upstream: sandbox.redis })
      const memory = process.memoryUsage.rss()
      const run = fc.asyncProperty(fc.array(attack, { minLength: 1, maxLength: 3 }), async (attacks) => {
        const bystander = await rawClient(door.port)
        await until('there', () => door.openConnections() >= 1)
        const { bytesToServer } = door.counts()
        const hostile = await Promise.all(attacks.map(() => rawClient(door.port)))
        for (let step = 0; step < 6; step++) {
          for (const [index, { steps }] of attacks.entries()) {
            const [name, said] = steps[step] ?? []
            if (name === undefined) continue
            await moves[name]!(door)
            hostile[index]!.socket.write(said!)
            await new Promise((resolve) => setImmediate(resolve))
          }
        }
        attacks.forEach((each, index) => leave(hostile[index]!, each.leaves))
        await door.open()
        const fresh = await rawClient(door.port)
        await serves(door, fresh)
        // Nothing was done to it but by the network.
        const lost = ['reset', 'forget', 'endLate']
        const isLost = attacks.some(({ steps }) => steps.some(([name]) => lost.includes(name)))
        if (!isLost) await serves(door, bystander)
        expect(door.counts().bytesToServer).toBeGreaterThan(bytesToServer)
        for (const { socket } of [bystander, fresh, ...hostile]) socket.destroy()
      })
      await fc.assert(run, bounded)
      await until('all gone', () => door.openConnections() === 0)
      expect(process.memoryUsage.rss() - memory).toBeLessThan(300 * 1024 * 1024)
      await door.close()
    },
  )

  test('outlives whatever its server says', { timeout: 60_000 }, async () => {
    let script: Buffer[] = []
    const open = new Set<Socket>()
    const server: Server = createServer((socket) => {
      open.add(socket)
      const lines = script
      script = []
      socket.on('error', () => {})
      socket.on('close', () => open.delete(socket))
      socket.on('data', () => socket.write(lines.shift() ?? '$4\r\nwell\r\n'))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const door = await createTcpDoor({
      upstream: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    })
    const run = fc.asyncProperty(
      fc.array(fc.tuple(move, pipeline, replies), { minLength: 1, maxLength: 6 }),
      async (steps) => {
        script = steps.map(([, , said]) => said)
        const victim = await rawClient(door.port)
        await until('there', () => open.size > 0 && script.length === 0)
        for (const [name, asked] of steps) {
          await moves[name]!(door)
          victim.socket.write(asked)
          await new Promise((resolve) => setImmediate(resolve))
        }
        await door.open()
        const fresh = await rawClient(door.port)
        await serves(door, fresh)
        for (const { socket } of [victim, fresh]) socket.destroy()
        await until('gone', () => open.size === 0)
      },
    )
    await fc.assert(run, bounded)
    await until('all gone', () => door.openConnections() === 0)
    await door.close()
    server.close()
  })
})
