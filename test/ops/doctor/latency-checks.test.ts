import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOperatorClient } from '../../../src/library/backends/operator.js'
import { judgeRoundTrips } from '../../../src/ops/doctor/checks/round-trip.js'
import { isHeldUp, watchOwnDelay, type OwnDelay } from '../../../src/ops/doctor/own-delay.js'
import { measureRoundTrips } from '../../../src/ops/doctor/round-trips.js'
import { busy } from './commands.js'
import { ownServer } from './own-server.js'
import { check, doctor } from './run.js'
import { seen } from './seen.js'

const FAR_MS = 8
const HIGH = 60_000
const NOT_LATE: OwnDelay = { p99: 0, max: 0, turns: 1, laterThan: () => 0, heldUp: 0 }

const server = ownServer()
/** As far away as the network makes it. */
let far: Server
let farUrl: string

beforeAll(async () => {
  const { host, port } = server.sandbox.redis
  far = createServer((near) => {
    const there = connect(port, host)
    const late = (to: typeof near) => (chunk: Buffer) => void setTimeout(() => to.write(chunk), FAR_MS / 2)
    near
      .on('data', late(there))
      .on('error', () => {})
      .on('close', () => there.destroy())
    there
      .on('data', late(near))
      .on('error', () => {})
      .on('close', () => near.destroy())
  })
  await new Promise<void>((done) => far.listen(0, '127.0.0.1', done))
  farUrl = `redis://127.0.0.1:${(far.address() as AddressInfo).port}`
})
afterAll(() => void far.close())

/** Holds this process up for so long, again and again, while something is done. */
async function heldUp<T>(ms: number, during: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => {
    const end = performance.now() + ms
    while (performance.now() < end);
  }, 1)
  try {
    return await during()
  } finally {
    clearInterval(timer)
  }
}

/** Keeps the server at work for so long, again and again. */
async function serverBusy<T>(ms: number, during: () => Promise<T>): Promise<T> {
  let over = false
  const worker = (async () => {
    while (!over) await server.admin.send(...busy(ms))
  })()
  try {
    return await during()
  } finally {
    over = true
    await worker
  }
}

describe('a round trip and its parts', () => {
  async function measure(at: string, limits = { pings: 20, ms: 1000 }) {
    const client = await createOperatorClient({ url: at })
    try {
      return await measureRoundTrips(client, limits, new AbortController().signal)
    } finally {
      client.close()
    }
  }
  const source = ''

  /** On a machine that has time for us for a moment: a process that has none is most of everything. */
  async function quietly(measured: () => ReturnType<typeof measure>) {
    for (let left = 20; ; left--) {
      const found = await measured()
      if (found.here < found.mean / 3 || left === 0) return found
    }
  }

  test('they add up', async () => {
    const { times, ...found } = await measure(server.url)
    expect(times).toHaveLength(20)
    expect(found.here + found.server! + found.rest).toBeCloseTo(found.mean, 6)
    expect(times[0]).toBeGreaterThan(0)
    expect(times[0]).toBeLessThanOrEqual(times.at(-1)!)
  })

  test('far away: it warns and fails, and names the network', async () => {
    const found = await quietly(() => measure(farUrl))
    expect(found.mean).toBeGreaterThan(FAR_MS * 0.9)
    expect(found.rest).toBeGreaterThan(found.mean / 2)
    const quiet = { ...found, ownDelay: NOT_LATE }
    expect(seen('LAT-001', judgeRoundTrips(quiet, { warn: FAR_MS / 2, fail: HIGH, source }))).toMatchObject({
      status: 'warn',
      message: expect.stringMatching(/: most of it is the network, or the server's machine/) as string,
      remediation: { text: expect.stringContaining('another region') as string },
    })
    expect(seen('LAT-001', judgeRoundTrips(quiet, { warn: 1, fail: FAR_MS / 2, source })).status).toBe('FAIL')
    const hidden = { ...quiet, server: null, busiest: null }
    expect(judgeRoundTrips(hidden, { warn: 1, fail: HIGH, source }).message).toMatch(
      /: whether the server or the network cannot be seen \(\+info\)$/,
    )
  })

  test('a server that is kept busy is named, with the command', async () => {
    const found = await quietly(() => serverBusy(10, () => measure(server.url)))
    expect(found.server).toBeGreaterThan(found.mean / 2)
    const { message, remediation } = judgeRoundTrips(
      { ...found, ownDelay: NOT_LATE },
      { warn: 1, fail: HIGH, source },
    )
    expect(message).toMatch(/: most of it is the server, which was busy with eval$/)
    expect(remediation?.commands?.[0]).toContain('SLOWLOG')
  })

  test('this process is most of it: said, and unknown once it is late by more than that', async () => {
    const found = await heldUp(10, () => measure(server.url))
    expect(found.here).toBeGreaterThan(found.mean / 2)
    const judged = judgeRoundTrips({ ...found, ownDelay: NOT_LATE }, { warn: 1, fail: HIGH, source })
    expect(judged.message).toMatch(/: most of it is this process$/)
    const late = await heldUp(110, () => measure(server.url, { pings: 10_000, ms: 600 }))
    for (const warn of [1, HIGH]) {
      expect(judgeRoundTrips(late, { warn, fail: HIGH, source })).toMatchObject({
        status: 'unknown',
        value: expect.any(Number) as number,
        message: expect.stringMatching(/but this process itself was held up for \d+ ms \(p99\)/) as string,
      })
    }
  })
})

describe('LAT-001', () => {
  const judged = async (at: string, limits: { warn: number; fail: number }, environment = {}) => {
    const thresholds = { 'LAT-001': limits }
    return check(
      await doctor({ REDIS_URL: at, ...environment }, { only: ['LAT-001'], thresholds }),
      'LAT-001',
    )
  }

  test('ok: the percentiles, the parts, and the same as numbers', async () => {
    const found = await judged(server.url, { warn: HIGH, fail: HIGH })
    expect(found.status).toBe('ok')
    expect(found.message).toMatch(
      /^[\d.]+ m?s \(p50 [\d.]+ ms, max [\d.]+ ms, \d+ PINGs\); of [\d.]+ ms on average network [\d.]+ ms, server [\d.]+ ms, this process [\d.]+ ms$/,
    )
    expect(found.detail).toMatchObject({ p99Ms: found.value, count: expect.any(Number) as number })
    expect(found.detail!['p50Ms']).toBeLessThanOrEqual(found.detail!['p99Ms']!)
    // Nobody needs a millisecond to PING a server on the same machine: what is finer must be seen.
    expect(found.detail!['p50Ms']! % 1).not.toBe(0)
  })

  test("INFO is not allowed: the server's part is not seen, and said so", async () => {
    await server.admin.send('ACL', 'SETUSER', 'app', 'on', '>pw-canary', '~*', '+ping', '+client', '+hello')
    const found = await judged(server.url.replace('//', '//app:pw-canary@'), { warn: HIGH, fail: HIGH })
    await server.admin.send('ACL', 'DELUSER', 'app')
    expect(found).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/network and server [\d.]+ ms, this process/) as string,
      detail: { meanServerMs: null },
    })
  })

  test('PING is not allowed: skip, with what it takes', async () => {
    await server.admin.send(
      'ACL',
      'SETUSER',
      'app',
      'on',
      '>pw-canary',
      '~*',
      '+get',
      '+info',
      '+client',
      '+hello',
    )
    const found = await judged(server.url.replace('//', '//app:pw-canary@'), { warn: HIGH, fail: HIGH })
    await server.admin.send('ACL', 'DELUSER', 'app')
    expect(found).toMatchObject({
      status: 'skip',
      remediation: { text: expect.stringContaining('+ping') as string },
    })
  })
})

describe('LAT-003', () => {
  const run = (ms: number, thresholds = {}, only = ['LAT-003']) =>
    doctor({ REDIS_URL: server.url }, { only, thresholds, pause: () => sleep(ms) })

  test('ok within its limits', async () => {
    const report = await run(150, { 'LAT-003': { warn: HIGH, fail: HIGH } })
    const found = check(report, 'LAT-003')
    expect(found).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/^late by [\d.]+ m?s \(p99; max /) as string,
    })
    expect(found.detail!['count']).toBeGreaterThan(5)
  })

  test('30 ms again and again: a warning', async () => {
    const found = check(await heldUp(30, () => run(300, { 'LAT-003': { fail: HIGH } })), 'LAT-003')
    expect(found.status).toBe('warn')
    expect(found.value).toBeGreaterThan(20)
  })

  test('60 ms again and again, of 50 that are allowed: a failure, and what was timed is not judged, though it was fine', async () => {
    let timed = () => {}
    const isTimed = new Promise<void>((done) => (timed = done))
    const report = await doctor(
      { REDIS_URL: server.url },
      {
        only: ['LAT-001', 'LAT-003', 'REP-001'],
        thresholds: { 'LAT-001': { warn: HIGH, fail: HIGH }, 'LAT-003': { fail: 50 } },
        onEvent: (event) => void (event.type === 'checked' && event.id === 'LAT-001' && timed()),
        pause: async () => {
          await isTimed
          await heldUp(60, () => sleep(900))
        },
      },
    )
    expect(check(report, 'LAT-003').status).toBe('FAIL')
    expect(check(report, 'LAT-001')).toMatchObject({
      status: 'unknown',
      message: expect.stringMatching(/; not judged, because this process is held up \(LAT-003\)$/) as string,
    })
    expect(check(report, 'REP-001').status).toBe('ok')
    expect(report.summary).toMatchObject({ FAIL: 1, unknown: 1, ok: 1 })
  })

  test('not watched for long enough: unknown; nobody there to be timed: skip', async () => {
    expect(check(await run(0), 'LAT-003').status).toBe('unknown')
    const statusOn = async (environment: Record<string, string>) =>
      check(await doctor(environment, { only: ['LAT-003'] }), 'LAT-003').status
    expect([await statusOn({}), await statusOn({ REDIS_URL: 'redis://127.0.0.1:1' })]).toEqual([
      'skip',
      'skip',
    ])
  })

  test('a single hiccup is no state of the machine', async () => {
    const watch = watchOwnDelay()
    const end = performance.now() + 130
    while (performance.now() < end);
    const delay = watch.stop()
    expect(delay.max).toBeGreaterThan(100)
    expect(delay.heldUp).toBeGreaterThan(100)
    expect(isHeldUp(delay, 100)).toBe(false)
  })
})
