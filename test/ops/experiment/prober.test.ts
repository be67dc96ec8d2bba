import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createExchange, type Exchange } from '../../../src/ops/experiment/app/exchange.js'
import { appPlan, type PlannedRequest } from '../../../src/ops/experiment/app/plan.js'
import { startProber } from '../../../src/ops/experiment/app/prober.js'
import { createVersions } from '../../../src/ops/experiment/app/versions.js'
import { monotonicMs } from '../../../src/ops/experiment/monotonic.js'

const read = {
  method: 'GET',
  path: '/items/{key}',
  headers: { 'x-user': 'ann' },
  expect: { statuses: ['2xx'] },
  version: { json: 'version' },
  denied: ['404'],
  same: { json: 'tags' },
}
const stranger = { ...read, headers: { 'x-user': 'bob' }, denied: ['403', '404'] }
const declared = { probes: [], read, stranger }

/** Answers by key: `open` to anybody, `shut` to its owner, `ill` to nobody; every other answer about `odd` has other tags. */
let asked = 0
const app = createServer((request, response) => {
  const [, , key] = (request.url ?? '').split('/')
  const isOwner = request.headers['x-user'] === 'ann'
  const status = key === 'ill' ? 500 : isOwner || key === 'open' ? 200 : 403
  const tags = key === 'odd' && asked++ % 2 === 1 ? {} : ['a']
  response.writeHead(status).end(JSON.stringify({ version: 1, tags }))
})
let exchange: Exchange
beforeAll(async () => {
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
  exchange = createExchange(new URL(`http://127.0.0.1:${(app.address() as AddressInfo).port}`), 5)
})
afterAll(() => {
  exchange.close()
  app.close()
})

async function recordsOf(...planned: ['read' | 'stranger', string][]) {
  const prober = startProber(monotonicMs(), { exchange, declared, versions: createVersions(), values: {} })
  const requests = planned.map(([what, key], at): PlannedRequest => ({
    dueMs: at * 20,
    what,
    key,
    group: 'workload',
  }))
  prober.play(requests)
  await expect.poll(() => prober.operations.filter(({ endMs }) => endMs !== null).length).toBe(planned.length)
  await prober.finish(0)
  return prober.operations
}

test('a stranger who is denied is answered well, and whatever else he gets is not his', async () => {
  const [shut, open, ill, owner] = await recordsOf(
    ['stranger', 'shut'],
    ['stranger', 'open'],
    ['stranger', 'ill'],
    ['read', 'shut'],
  )
  expect(shut).toMatchObject({ viewer: 'stranger', denied: true, error: null, version: null })
  expect(open).toMatchObject({ viewer: 'stranger', forbidden: true, error: null })
  expect(ill?.error).toMatch(/answered 500/)
  expect(ill).not.toHaveProperty('forbidden')
  expect(owner).toMatchObject({ version: 1, error: null })
  expect(owner).not.toHaveProperty('viewer')
})

test('an answer with other content for the same version is noted', async () => {
  const records = await recordsOf(['read', 'odd'], ['read', 'odd'], ['read', 'odd'], ['read', 'even'])
  expect(records.map(({ altered }) => altered)).toEqual([undefined, true, undefined, undefined])
})

test('a stranger asks for every key, and only where he is declared', () => {
  const turns = (probes: Parameters<typeof appPlan>[0], count: number) => {
    const traffic = appPlan(probes, { ratePerSecond: 10, duringMs: 1000 }).traffic()
    return Array.from({ length: count }, () => traffic[Symbol.iterator]().next().value as PlannedRequest)
  }
  const strangers = turns(declared, 24 * 5).filter(({ what }) => what === 'stranger')
  expect(new Set(strangers.map((each) => 'key' in each && each.key)).size).toBe(24)
  expect(turns({ probes: [], read }, 50).map(({ what }) => what)).toEqual(
    Array.from({ length: 50 }, () => 'read'),
  )
})
