import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RedisKeyValueClient } from '../../../../src/library/backends/backend.js'
import { createUpstashClient } from '../../../../src/library/backends/upstash.js'
import { classify } from '../../../../src/library/resilience/classify.js'
import type { RestDoor } from '../../../../src/ops/faults/doors/door.js'
import { createRestDoor } from '../../../../src/ops/faults/doors/rest.js'
import { faults } from '../../../../src/ops/faults/index.js'
import { refused } from '../../../../src/ops/faults/refused.js'
import { reset } from '../../../../src/ops/faults/reset.js'
import { stall } from '../../../../src/ops/faults/stall.js'
import { upstash401 } from '../../../../src/ops/faults/upstash-401.js'
import { upstash429 } from '../../../../src/ops/faults/upstash-429.js'
import { upstash500 } from '../../../../src/ops/faults/upstash-500.js'
import { upstashHang } from '../../../../src/ops/faults/upstash-hang.js'
import { upstashHtml } from '../../../../src/ops/faults/upstash-html.js'
import { upstashSlow } from '../../../../src/ops/faults/upstash-slow.js'
import { ask } from '../../../../src/ops/sandbox/ask.js'
import { startSandbox, type Sandbox } from '../../../../src/ops/sandbox/start-sandbox.js'
import { startUpstashEndpoint, type UpstashEndpoint } from '../../../../src/ops/sandbox/upstash/endpoint.js'
import { until } from '../../sandbox/until.js'
import { rawClient } from '../raw-client.js'

// A real Redis, the endpoint over it, and the door in front of that.
let sandbox: Sandbox
let endpoint: UpstashEndpoint
let door: RestDoor
const clients: RedisKeyValueClient[] = []
beforeAll(async () => {
  sandbox = await startSandbox()
  endpoint = await startUpstashEndpoint({ redisUrl: sandbox.redis.url })
})
afterAll(async () => {
  await endpoint.stop()
  await sandbox.stop()
})
beforeEach(async () => {
  await direct('FLUSHALL')
  door = await createRestDoor({ upstream: endpoint })
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close?.()
  await door.close()
})

async function direct(...command: string[]): Promise<string | undefined> {
  const { host, port } = sandbox.redis
  return (await ask({ host, port, deadlineMs: 5000 }, command))[0]
}

function throughDoor(...command: string[]): Promise<Response> {
  return fetch(`http://${door.host}:${door.port}/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${endpoint.token}` },
    body: JSON.stringify(command),
  })
}

/** The library's own client, which waits for longer than any of these tests. */
function libraryClient(): RedisKeyValueClient {
  const url = `http://${door.host}:${door.port}`
  const client = createUpstashClient({ url, token: endpoint.token, deadlineMs: 10_000 })
  clients.push(client)
  return client
}

const failureOf = (asked: Promise<unknown>) =>
  asked.then(
    () => null,
    (error: unknown) => ({ ...classify(error), text: (error as Error).message }),
  )

const SET_A = (() => {
  const body = '["SET","a","stale"]'
  return `POST / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer dev\r\nContent-Length: ${body.length}\r\n\r\n${body}`
})()

const overRest = faults.filter(({ protocols, needs }) => protocols.includes('rest') && needs === undefined)

describe.each(overRest.map((fault) => [fault.name, fault] as const))('%s', (_name, fault) => {
  test('can be lifted without having been applied, and twice', async () => {
    await fault.lift(door)
    await fault.apply(door)
    await fault.lift(door)
    await fault.lift(door)
    expect(await (await throughDoor('PING')).json()).toEqual({ result: 'PONG' })
  })

  test('that touches nobody is not witnessed, nor is one that was met before', async () => {
    const none = door.counts()
    await fault.apply(door)
    await fault.lift(door)
    expect(fault.witness(none, door.counts()).witnessed).toBe(false)
    const met = throughDoor('GET', 'a').catch(() => undefined)
    await until('passed', () => door.counts().requestsSeen === 1)
    await met
    const before = door.counts()
    await fault.apply(door)
    await fault.lift(door)
    const again = fault.witness(before, door.counts())
    // Whoever is connected is cut; that somebody is refused as well takes a witness of its own.
    if (fault !== reset) expect(again.witnessed).toBe(fault === refused)
  })
})

describe.each([
  [
    upstash429,
    429,
    /^ERR max requests limit exceeded\. Limit: 500000, Usage: 500000\./,
    'configuration',
    'QUOTA',
  ],
  [upstash401, 401, /^WRONGPASS invalid or missing auth token\./, 'configuration', 'WRONGPASS'],
  [upstash500, 500, /^Internal Server Error$/, 'failure', 'REST_ERROR'],
] as const)('$name', (fault, status, text, errorClass, errorType) => {
  test('answers every request in the words of Upstash, and Redis hears of none', async () => {
    await direct('SET', 'a', 'kept')
    const before = door.counts()
    await fault.apply(door)
    const response = await throughDoor('DEL', 'a')
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({ error: expect.stringMatching(text) })
    expect(await direct('GET', 'a')).toBe('kept')
    expect(fault.witness(before, door.counts())).toEqual({
      witnessed: true,
      evidence: `1 request answered ${status}`,
      counts: { requestsAnswered: 1 },
    })
    await fault.lift(door)
    expect(await (await throughDoor('DEL', 'a')).json()).toEqual({ result: 1 })
  })

  test(`is a ${errorClass} to the library`, async () => {
    await fault.apply(door)
    expect(await failureOf(libraryClient().get('a'))).toEqual({
      class: errorClass,
      errorType,
      text: expect.stringMatching(text),
    })
  })
})

describe('upstash-html', () => {
  test('is a page with 502 and with 200 in turn, and both are failures to the library', async () => {
    const before = door.counts()
    await upstashHtml.apply(door)
    const [first, second] = [await throughDoor('GET', 'a'), await throughDoor('GET', 'a')]
    expect([first.status, second.status]).toEqual([502, 200])
    for (const response of [first, second]) {
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(await response.text()).toMatch(/^<!DOCTYPE html>[^]*<\/html>\n$/)
    }
    const client = libraryClient()
    for (let time = 0; time < 2; time++) {
      const failure = await failureOf(client.get('a'))
      expect(failure).toMatchObject({ class: 'failure' })
      expect(failure?.text).not.toContain('html')
    }
    const witness = upstashHtml.witness(before, door.counts())
    expect(witness).toMatchObject({
      witnessed: true,
      evidence: expect.stringMatching(/^\d+ requests answered with HTML$/),
    })
  })
})

describe('upstash-hang', () => {
  test('keeps a SET from Redis and has it carried out after the heal, its sender long gone', async () => {
    await direct('SET', 'a', 'fresh')
    const before = door.counts()
    await upstashHang.apply(door)
    const victim = await rawClient(door.port)
    await victim.write(SET_A)
    await until('held', () => door.counts().requestsHeld === 1)
    victim.socket.resetAndDestroy()
    await until('gone', () => door.openConnections() === 0)
    expect(victim.received().length).toBe(0)
    expect(await direct('GET', 'a')).toBe('fresh')
    expect(upstashHang.witness(before, door.counts())).toEqual({
      witnessed: true,
      evidence: '1 request accepted and held until the heal',
      counts: { requestsHeld: 1 },
    })
    await upstashHang.lift(door)
    await until('carried out', async () => (await direct('GET', 'a')) === 'stale')
  })
})

describe('upstash-slow', () => {
  test('carries a SET out at once, and answers it late, bit by bit and whole', async () => {
    const before = door.counts()
    await upstashSlow.apply(door)
    const one = await rawClient(door.port)
    await one.write(SET_A)
    await until('carried out', async () => (await direct('GET', 'a')) === 'stale')
    expect(one.received().length).toBe(0)
    await until('its head', () => one.received().toString().includes('\r\n\r\n'))
    expect(one.received().toString()).not.toContain('OK"}')
    await until('all', () => one.received().toString().endsWith('{"result":"OK"}'))
    expect(upstashSlow.witness(before, door.counts())).toMatchObject({
      witnessed: true,
      evidence: 'the answers to 1 request came late and bit by bit',
    })
    one.socket.destroy()
  })
})

describe('the faults of the network', () => {
  test('refused is ECONNREFUSED to the library', async () => {
    const client = libraryClient()
    expect(await client.get('a')).toBeNull()
    const before = door.counts()
    await refused.apply(door)
    expect(await failureOf(client.get('a'))).toMatchObject({ class: 'failure', errorType: 'ECONNREFUSED' })
    await refused.lift(door)
    expect(refused.witness(before, door.counts()).witnessed).toBe(true)
    expect(await client.get('a')).toBeNull()
  })

  test('stall withholds a SET and delivers it after the heal, its sender long gone', async () => {
    await direct('SET', 'a', 'fresh')
    const before = door.counts()
    await stall.apply(door)
    const victim = await rawClient(door.port)
    await victim.write(SET_A)
    await until('held', () => door.counts().bytesHeldToServer === SET_A.length)
    victim.socket.resetAndDestroy()
    expect(await direct('GET', 'a')).toBe('fresh')
    expect(stall.witness(before, door.counts())).toMatchObject({ witnessed: true })
    await stall.lift(door)
    await until('carried out', async () => (await direct('GET', 'a')) === 'stale')
  })
})

// Through a black hole nobody comes.
test.each(overRest.filter(({ name }) => name !== 'blackhole'))(
  '$name: bytes that are no protocol harm nobody else',
  async (fault) => {
    await fault.apply(door)
    for (let round = 0; round < 5; round++) {
      const hostile = await rawClient(door.port).catch(() => null)
      hostile?.socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc')
      hostile?.socket.write('*3\r\n$3\r\nSET\r\n')
      if (round % 2 === 0) hostile?.socket.resetAndDestroy()
    }
    await fault.lift(door)
    expect(await (await throughDoor('PING')).json()).toEqual({ result: 'PONG' })
  },
)
