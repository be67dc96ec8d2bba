import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKeyValueClient, type RedisBackend } from '../../../src/library/index.js'
import { faults } from '../../../src/ops/faults/index.js'
import {
  openRestDoor,
  openTcpDoor,
  REDIS_FAULTS,
  REST_FAULTS,
  startSandbox,
  type FaultDoor,
  type SandboxWithUpstash,
} from '../../../src/ops/testing/index.js'
import { until } from '../../support/clients.js'

let sandbox: SandboxWithUpstash
beforeAll(async () => {
  sandbox = await startSandbox({ upstash: true })
})
afterAll(() => sandbox.stop())

const open = {
  resp: () => openTcpDoor(sandbox.redis.url),
  rest: () => openRestDoor(sandbox.upstash.url),
}

/** A client of the library on the other side of a door. */
function clientOf(door: FaultDoor<never>) {
  const backend: RedisBackend = door.url.startsWith('redis:')
    ? { backend: 'redis', url: door.url }
    : { backend: 'upstash', url: door.url, token: sandbox.upstash.token }
  return createKeyValueClient(backend, { deadlineMs: 1000 })
}

test.each([
  ['resp', REDIS_FAULTS],
  ['rest', REST_FAULTS],
] as const)('the names of faults of a %s door are those of the catalogue', (protocol, names) => {
  const catalogue = faults.filter(({ protocols, needs }) => protocols.includes(protocol) && !needs)
  expect([...names]).toEqual(catalogue.map(({ name }) => name))
})

describe.each([
  ['resp', REDIS_FAULTS],
  ['rest', REST_FAULTS],
] as const)('a %s door', (protocol, names) => {
  test.each(names)('%s is met, seen by the door, and lifted', async (name) => {
    const door: FaultDoor<string> = await open[protocol]()
    const client = clientOf(door)
    await client.started
    await client.set('k', 'v', 60)
    expect(await client.get('k')).toBe('v')
    await door.apply(name)
    await until('a client met it', async () => {
      // A client that hangs or is late is as good as one that was turned away.
      const calls = [client.set('k', 'v', 60), client.get('k'), client.get('other'), client.ping!()]
      const patience = new Promise((resolve) => setTimeout(resolve, 100))
      await Promise.race([Promise.allSettled(calls), patience])
      return door.sighting()!.witnessed
    })
    const seen = await door.lift()
    expect(seen).toEqual({ witnessed: true, evidence: expect.stringMatching(/\d/) as string })
    expect(door.sighting()).toBeNull()
    await until('it works again', async () => (await client.get('k').catch(() => null)) === 'v')
    await client.close!()
    await door.close()
  })

  test('an unknown fault is an error that names those there are', async () => {
    const door: FaultDoor<string> = await open[protocol]()
    await expect(door.apply('refuse')).rejects.toThrow(
      /"refuse" is no fault of this door; it knows refused, /,
    )
    expect([door.sighting(), await door.lift()]).toEqual([null, null])
    await door.close()
    await door.close()
  })
})

test('a fault takes the place of the one before', async () => {
  const door = await openTcpDoor(sandbox.redis.url)
  const client = clientOf(door)
  await client.started
  await door.apply('oom')
  await expect(client.set('k', 'v')).rejects.toThrow(/^OOM/)
  await door.apply('readonly')
  await expect(client.set('k', 'v')).rejects.toThrow(/^READONLY/)
  expect((await door.lift())!.evidence).toMatch(/READONLY/)
  await client.close!()
  await door.close()
})

test.each([
  ['redis://:pw@127.0.0.1:6379/3', /^redis:\/\/:pw@127\.0\.0\.1:\d+\/3$/],
  ['redis://user:pw@[::1]', /^redis:\/\/user:pw@127\.0\.0\.1:\d+$/],
  ['redis://localhost:6379', /^redis:\/\/127\.0\.0\.1:\d+$/],
])('credentials and path of %s are kept', async (upstream, url) => {
  const door = await openTcpDoor(upstream)
  expect(door.url).toMatch(url)
  expect(door.url).toContain(`${door.host}:${door.port}`)
  await door.close()
})

test.each(['rediss://:hidden@h:1', 'http://hidden', 'hidden', ''])(
  '%s is no Redis to open a door to',
  async (url) => {
    const refused = openTcpDoor(url)
    await expect(refused).rejects.toThrow(RangeError)
    await expect(refused).rejects.toThrow(/is not redis:\/\/host:port$/)
  },
)

test('nor is https:// a REST API to open a door to', async () => {
  await expect(openRestDoor('https://hidden.upstash.io')).rejects.toThrow(/is not http:\/\/host:port$/)
})
