import { createServer, type AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { blackhole } from '../../../src/ops/faults/blackhole.js'
import type { Door, TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { HungConnects } from '../../../src/ops/faults/doors/hung-connects.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { drip } from '../../../src/ops/faults/drip.js'
import { halfOpen } from '../../../src/ops/faults/half-open.js'
import { latency } from '../../../src/ops/faults/latency.js'
import { slowClose } from '../../../src/ops/faults/slow-close.js'
import { ask } from '../../../src/ops/sandbox/ask.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../sandbox/until.js'
import { rawClient, type RawClient } from './raw-client.js'

let sandbox: Sandbox
let door: TcpDoor
let clients: RawClient[] = []
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())
beforeEach(async () => {
  await direct(['FLUSHALL'])
  door = await createTcpDoor({ upstream: sandbox.redis })
})
afterEach(async () => {
  for (const { socket } of clients) socket.destroy()
  clients = []
  await door.close()
})

function direct(...commands: string[][]): Promise<string[]> {
  const { host, port } = sandbox.redis
  return ask({ host, port, deadlineMs: 5000 }, ...commands)
}

async function client(): Promise<RawClient> {
  const one = await rawClient(door.port)
  clients.push(one)
  return one
}

/** Has been answered, so that its counterpart at the server is there. */
async function readyClient(): Promise<RawClient> {
  const one = await client()
  await one.write('PING\r\n')
  await until('ready', () => one.received().toString() === '+PONG\r\n')
  return one
}

const SET_A = '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$5\r\nstale\r\n'

describe('blackhole', () => {
  test('lets a connect hang and a connection freeze, and both go on after the heal', async () => {
    const frozen = await readyClient()
    const before = door.counts()
    await blackhole.apply(door)
    await frozen.write(SET_A)
    let connected = false
    const connecting = client().then((made) => {
      connected = true
      return made
    })
    await until('held', () => door.counts().bytesHeldToServer === SET_A.length)
    await until('seen waiting', () => door.counts().connectsWaiting === 1)
    expect(connected).toBe(false)
    expect(await direct(['EXISTS', 'a'])).toEqual(['0'])
    const witness = blackhole.witness(before, door.counts())
    expect(witness).toMatchObject({ witnessed: true, counts: { connectsNotHung: 0, connectsWaiting: 1 } })
    expect(witness.evidence).toMatch(
      /^(\d+) of \1 connects? of the door's own hung; 1 of others seen waiting; 31 bytes to the server withheld until the heal$/,
    )
    const { connectionsAccepted } = door.counts()

    await blackhole.lift(door)

    await until('executed', async () => (await direct(['GET', 'a']))[0] === 'stale')
    const late = await connecting
    await late.write('PING\r\n')
    await until('served', () => late.received().toString() === '+PONG\r\n')
    expect(door.counts().connectionsAccepted).toBe(connectionsAccepted + 1)
  })

  test('is seen not to be one where a connect is answered, and then it is not witnessed', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const counts = { connectsHung: 0, connectsNotHung: 0, connectsWaiting: 0 }
    const looking = new HungConnects('127.0.0.1', (server.address() as AddressInfo).port, counts)
    await looking.watch()
    looking.stop()
    server.close()
    expect(counts).toEqual({ connectsHung: 0, connectsNotHung: 1, connectsWaiting: 0 })
    const none = door.counts()
    expect(blackhole.witness(none, { ...none, ...counts, bytesHeldToServer: 100 })).toMatchObject({
      witnessed: false,
      evidence: expect.stringMatching(/^1 of 1 connect of the door's own came to an end: this system/),
    })
  })

  test.each(['refuse', 'stall', 'reset', 'blackhole'] as const)(
    'may follow and be followed by %s',
    async (other) => {
      await door[other]()
      await door.blackhole()
      expect(door.counts()).toMatchObject({ connectsHung: 1, connectsNotHung: 0 })
      await door[other]()
      await door.open()
      await readyClient()
    },
  )
})

describe('half-open', () => {
  test('loses what is connected for good, and serves who comes', async () => {
    const old = await readyClient()
    const errors: (string | undefined)[] = []
    old.socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code))
    const before = door.counts()
    await halfOpen.apply(door)
    await old.write(SET_A)
    await until('lost', () => door.counts().bytesLostToServer === SET_A.length)
    await readyClient()
    await direct(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'])
    await readyClient()
    expect(old.state()).toBe('open')
    expect(halfOpen.witness(before, door.counts())).toEqual({
      witnessed: true,
      evidence: '1 connection lost; 31 bytes of theirs to the server and 0 bytes to the client never arrived',
      counts: { connectionsLost: 1, bytesLostToServer: 31, bytesLostToClient: 0 },
    })
    await halfOpen.lift(door)
    await old.closed
    expect(errors).toEqual(['ECONNRESET'])
    await readyClient()
    expect(await direct(['EXISTS', 'a'])).toEqual(['0'])
  })

  test('is forgotten at the heal also of a client that has gone', async () => {
    const old = await readyClient()
    await halfOpen.apply(door)
    await old.write(SET_A)
    await until('lost', () => door.counts().bytesLostToServer > 0)
    old.socket.resetAndDestroy()
    await until('gone', () => door.openConnections() === 0)
    await halfOpen.lift(door)
    await until('nobody', async () => (await direct(['CLIENT', 'LIST']))[0]?.trim().split('\n').length === 1)
    expect(await direct(['EXISTS', 'a'])).toEqual(['0'])
  })
})

describe('slow-close', () => {
  test('ends at the server at once and at the client later, for who is there and who comes', async () => {
    const one = await readyClient()
    const before = door.counts()
    const startedMs = performance.now()
    await slowClose.apply(door)
    await one.write(SET_A)
    const two = await client()
    await two.write('PING\r\n')
    await until('ended', async () => (await direct(['CLIENT', 'LIST']))[0]?.trim().split('\n').length === 1)
    expect([one.state(), two.state()]).toEqual(['open', 'open'])
    await Promise.all([one.closed, two.closed])
    expect(performance.now() - startedMs).toBeGreaterThan(1400)
    expect([one.received().toString(), two.received().toString()]).toEqual(['+PONG\r\n', ''])
    expect(slowClose.witness(before, door.counts())).toEqual({
      witnessed: true,
      evidence:
        '2 connections ended by the server, of which 2 lasted until the client heard of it; 37 bytes to the server reached nobody',
      counts: { connectionsLost: 2, connectionsEndedLate: 2, bytesLostToServer: 37 },
    })
    await slowClose.lift(door)
    await readyClient()
    expect(await direct(['EXISTS', 'a'])).toEqual(['0'])
  })
})

describe('drip', () => {
  test('brings a reply bit by bit, in order, and the rest at the heal', async () => {
    const value = Array.from({ length: 2000 }, (_, index) => String(index % 10)).join('')
    await direct(['SET', 'a', value])
    const one = await readyClient()
    const before = door.counts()
    await drip.apply(door)
    const startedMs = performance.now()
    await one.write('*2\r\n$3\r\nGET\r\n$1\r\na\r\n')
    await until('it begins', () => one.received().length > 7)
    // Two pieces to the server, one back.
    expect(performance.now() - startedMs).toBeGreaterThan(50)
    await until('some of it', () => one.received().length > 107)
    expect(performance.now() - startedMs).toBeGreaterThan(240)
    expect(one.received().length).toBeLessThan(1000)
    const witness = drip.witness(before, door.counts())
    expect(witness.evidence).toBe('20 bytes to the server and 2009 bytes to the client came ten at a time')
    expect(witness.witnessed).toBe(true)
    await drip.lift(door)
    await until('all', () => one.received().toString() === `+PONG\r\n$2000\r\n${value}\r\n`)
  })

  test('carries out what a client sent that has gone', async () => {
    await drip.apply(door)
    const one = await client()
    one.socket.end(SET_A)
    await until('executed', async () => (await direct(['GET', 'a']))[0] === 'stale')
    await until('gone', () => door.openConnections() === 0)
  })
})

test('the delays of latency are spread over the whole of its jitter', async () => {
  const delays: number[] = []
  const spy = { delay: async (draw: () => number) => void delays.push(...Array.from({ length: 500 }, draw)) }
  await latency.apply(spy as Partial<Door> as Door)
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(250)
  expect(Math.min(...delays)).toBeLessThan(260)
  expect(Math.max(...delays)).toBeGreaterThan(340)
  expect(Math.max(...delays)).toBeLessThanOrEqual(350)
})
