import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { parseProbe } from '../../../src/ops/config/probes/parse-probe.js'
import type { LimitProbe, ProbeSet } from '../../../src/ops/config/probes/probe.js'
import { httpPerformer } from '../../../src/ops/load/generator/http-performer.js'
import type { Surface } from '../../../src/ops/load/generator/messages.js'
import { askedIn, OUTCOME, partIn } from '../../../src/ops/load/generator/outcome.js'
import { httpApp } from './http-app.js'

type Http = Extract<Surface, { type: 'http' }>

function performerOf(origin: string, more: Partial<Http>, seed = 1) {
  const performer = httpPerformer(
    { type: 'http', origin, endpoints: [], declared: {}, keyPrefix: 'k', ...more },
    { seed },
  )
  onTestFinished(() => performer.close())
  return performer
}

const endpoint = (text: string, weight = 1) => ({ probe: parseProbe(text), weight })
const bitsOf = (outcome: number | null) => outcome && outcome & 0xfff8

test('what an app answers is counted as what it is', async () => {
  const { origin } = await httpApp((request, response) => {
    const [, status = '', body = ''] = request.url?.split('/') ?? []
    response.writeHead(Number(status)).end(body)
  })
  const outcomes: Record<string, number> = {
    '/200 expect 200': 0,
    '/201 expect 200': OUTCOME.error,
    '/200/hello body contains "hello"': 0,
    '/200/hello body contains "bye"': OUTCOME.error,
    '/404': OUTCOME.error,
    '/404 expect 404': 0,
    '/429': OUTCOME.denied,
    '/500': OUTCOME.error | OUTCOME.serverError,
    '/503 expect 2xx,503': 0,
  }
  for (const [text, expected] of Object.entries(outcomes)) {
    const outcome = await performerOf(origin, { endpoints: [endpoint(text)] })
      .draw()
      .start()
    expect([text, bitsOf(outcome), askedIn(outcome ?? 0), partIn(outcome ?? 0)]).toEqual([
      text,
      expected,
      'request',
      0,
    ])
  }
})

test('nobody there is an error; an answer of which nothing is kept any more is as good as another', async () => {
  const app = await httpApp((_, response) => response.end(Buffer.alloc(2 ** 20, 'x')))
  const performer = performerOf(app.origin, { endpoints: [endpoint('/large')] })
  expect(bitsOf(await performer.draw().start())).toBe(0)
  await app.close()
  expect(bitsOf(await performer.draw().start())).toBe(OUTCOME.error)
})

test('a connection that breaks in the middle of an answer is an error', async () => {
  const server = createServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const performer = performerOf(`http://127.0.0.1:${port}`, { endpoints: [endpoint('/')] })
  expect(bitsOf(await performer.draw().start())).toBe(OUTCOME.error)
})

test('an app that hangs answers nothing, and whatever is asked still reaches it', async () => {
  let asked = 0
  const { origin } = await httpApp(() => (asked += 1))
  const performer = performerOf(origin, { endpoints: [endpoint('/hangs')] })
  let settled = 0
  for (let count = 0; count < 100; count++)
    void performer
      .draw()
      .start()
      .then(() => (settled += 1))
  while (asked < 100) await new Promise(setImmediate)
  expect(settled).toBe(0)
})

test('each is asked by its weight, the same in each run of a seed', async () => {
  const { origin } = await httpApp((_, response) => response.end('{}'))
  const drawn = (seed: number) => {
    const performer = performerOf(
      origin,
      {
        endpoints: [endpoint('/a', 6), endpoint('/b', 1)],
        declared: {
          read: { ...parseProbe('/items/{key}'), version: { json: 'v' }, denied: ['404'] },
          write: parseProbe('PUT /items/{key}'),
          keys: { weight: 3, count: 5, skew: 0, writes: 0.5 },
        },
      },
      seed,
    )
    return Array.from({ length: 10_000 }, () => performer.draw().outcome)
  }
  const outcomes = drawn(7)
  const share = (asked: string, part: number) =>
    outcomes.filter((each) => askedIn(each) === asked && partIn(each) === part).length / outcomes.length
  expect(share('request', 0)).toBeCloseTo(0.6, 1)
  expect(share('request', 1)).toBeCloseTo(0.1, 1)
  expect(share('read', 0)).toBeCloseTo(0.15, 1)
  expect(share('put', 0)).toBeCloseTo(0.15, 1)
  expect(drawn(7)).toEqual(outcomes)
  expect(drawn(8)).not.toEqual(outcomes)
})

const KEYS: Partial<ProbeSet> = {
  read: { ...parseProbe('/items/{key}'), version: { json: 'v' }, denied: ['404'] },
  write: { ...parseProbe('PUT /items/{key}'), body: '{"v": {version}}' },
}

test('every key is written and read before, and its versions go up', async () => {
  const stored = new Map<string, string>()
  const { origin } = await httpApp((request, response) => {
    const path = request.url ?? ''
    if (request.method === 'GET') return void response.writeHead(stored.has(path) ? 200 : 404).end()
    let body = ''
    request.on('data', (chunk) => (body += chunk)).on('end', () => response.end(stored.set(path, body) && ''))
  })
  const keys = { weight: 1, count: 40, skew: 0.99, writes: 1 }
  const performer = performerOf(origin, { declared: { ...KEYS, keys } })
  expect(await performer.warm(60_000)).toEqual({ settled: true, hitRatio: 1 })
  expect([...stored.keys()].sort()).toEqual(pathsOf(40))
  expect(new Set(stored.values())).toEqual(new Set(['{"v": 1}']))
  for (let count = 0; count < 20; count++) expect(bitsOf(await performer.draw().start())).toBe(0)
  const versions = [...stored.values()].map((text) => (JSON.parse(text) as { v: number }).v)
  expect(versions.reduce((sum, each) => sum + each - 1, 0)).toBe(20)
})

test('keys that cannot be read, or not in time, are told', async () => {
  const { origin } = await httpApp((request, response) =>
    response.writeHead(request.method === 'GET' ? 404 : 200).end(),
  )
  const performer = performerOf(origin, { declared: KEYS })
  expect(await performer.warm(60_000)).toEqual({ settled: false, hitRatio: 0 })
  expect(await performer.warm(0)).toEqual({ settled: false, hitRatio: 0 })
})

test('of a limiter what it lets through above its limit is counted', async () => {
  let asked = 0
  const { origin } = await httpApp((_, response) =>
    response.writeHead(++asked <= 5 || asked === 8 ? 200 : 429).end(),
  )
  const limit: LimitProbe = {
    ...parseProbe('POST /login'),
    name: 'login',
    limit: 4,
    windowMs: 3_600_000,
    onUnavailable: 'deny',
  }
  const performer = performerOf(origin, { declared: { limit } })
  expect(performer.limiters).toEqual([
    { name: 'login', limit: 4, windowMs: 3_600_000, onUnavailable: 'deny' },
  ])
  const outcomes: (number | null)[] = []
  for (let count = 0; count < 8; count++) outcomes.push(await performer.draw().start())
  const { denied, overAdmitted } = OUTCOME
  expect(outcomes.map(bitsOf)).toEqual([0, 0, 0, 0, overAdmitted, denied, denied, overAdmitted])
  expect(outcomes.map((each) => askedIn(each ?? 0))).toEqual(Array(8).fill('check'))
})

const pathsOf = (count: number) => Array.from({ length: count }, (_, index) => `/items/k${index}`).sort()
