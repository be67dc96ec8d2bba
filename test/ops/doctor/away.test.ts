import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createOperatorClient } from '../../../src/library/backends/operator.js'
import { openWorld } from '../../../src/ops/doctor/open-world.js'
import { reachRedis } from '../../../src/ops/doctor/reach.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { check, doctor } from './run.js'

const ON_SERVER = ['LAT-001', 'REP-001', 'MEM-001', 'MEM-002', 'MEM-003', 'KEY-001', 'KEY-008']

async function withSandbox(use: (sandbox: Sandbox) => Promise<void>): Promise<void> {
  const sandbox = await startSandbox()
  try {
    await use(sandbox)
  } finally {
    await sandbox.stop()
  }
}

describe('somebody stops doctor while Redis hangs', () => {
  async function withSilence(use: (url: string) => Promise<void>): Promise<void> {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await new Promise((ready) => silent.once('listening', ready))
    const { port } = silent.address() as AddressInfo
    await use(`redis://127.0.0.1:${port}`)
    await new Promise((closed) => silent.close(closed))
  }

  test('no try is waited for any longer, and nothing stays open', () =>
    withSilence(async (url) => {
      const stop = new AbortController()
      const times = { connectTimeoutMs: 600_000, deadlineMs: 600_000 }
      const reached = reachRedis({ url, ...times, signal: stop.signal })
      stop.abort()
      const { client, tries } = await reached
      expect(client).toBeNull()
      expect(await tries).toHaveLength(3)
    }))

  test('the signal of the run is the one that ends the tries', () =>
    withSilence(async (url) => {
      const { world, close } = openWorld({
        environment: { REDIS_URL: url },
        client: { library: 'transparent-cache', options: {} },
        directory: '/',
        sampleKeys: () => Promise.reject(new Error('not asked')),
        timeoutMs: 20_000,
        signal: AbortSignal.abort(),
      })
      const tries = await (await world.reach()).tries
      expect(tries[0]?.away?.evidence).toMatch(/was not waited for any longer/)
      close()
    }))

  test('what has not begun does not begin: no probe writes after Ctrl-C', () =>
    withSandbox(async ({ redis }) => {
      const stop = new AbortController()
      const report = await doctor(
        { REDIS_URL: redis.url },
        {
          only: ['CON-001', 'WRI-001', 'WRI-002', 'LIM-001'],
          probeWrites: true,
          signal: stop.signal,
          onEvent: (event) => void (event.type === 'checked' && event.id === 'CON-001' && stop.abort()),
        },
      )
      expect(report.interrupted).toBe(true)
      expect(check(report, 'CON-001').status).toBe('ok')
      for (const id of ['WRI-001', 'WRI-002', 'LIM-001']) expect(check(report, id).status).toBe('broken')
      const client = await createOperatorClient({ url: redis.url })
      expect(await client.send('INFO', 'commandstats')).not.toMatch(/cmdstat_(?:set|eval|evalsha):/)
      client.close()
    }))
})

describe('Redis is away', () => {
  test('refused: a finding, what users feel, and nothing else asks the dead server', async () => {
    await withSandbox(async ({ redis }) => {
      await redis.kill()
      const report = await doctor({ REDIS_URL: redis.url }, { client: { options: {} }, probeWrites: true })
      expect(report.verdict).toBe('fail')
      expect(check(report, 'CON-001')).toMatchObject({ status: 'FAIL', value: 3 })
      expect(report.impact).toMatchObject({ redis: 'away', kind: 'refused' })
      expect(report.impact.effects.join('\n')).toContain('waits up to 1 min 49 s and then fails')
      for (const id of ON_SERVER) expect(check(report, id).message).toBe('Redis is away (CON-001)')
    })
  })

  test('the database of REDIS_URL is not there: said, because ioredis would use database 0', async () => {
    await withSandbox(async ({ redis }) => {
      const report = await doctor({ REDIS_URL: `${redis.url}/99` })
      expect(check(report, 'CON-001')).toMatchObject({
        status: 'FAIL',
        message: expect.stringMatching(/^no database: .* has no database 99/) as string,
      })
      expect(report.impact.headline).toBe('Redis answers, but not in the database that REDIS_URL names.')
      expect(report.impact.effects.join()).toContain('stays in database 0')
    })
  })

  test('CON-001 was not asked for: the others tell whether Redis is there', async () => {
    await withSandbox(async ({ redis }) => {
      const headline = async (only: string[]) =>
        (await doctor({ REDIS_URL: redis.url }, { only })).impact.headline
      expect(await headline(['REP-001'])).toBe('Redis answers.')
      expect(await headline(['TTF-001'])).toBe('Whether Redis answers was not looked at.')
      await redis.kill()
      expect(await headline(['REP-001'])).toBe('Redis is away (refused).')
    })
  })

  test('stopped: told from unreachable, waited for once, and within the time', async () => {
    await withSandbox(async ({ redis }) => {
      redis.freeze()
      const begun = performance.now()
      const report = await doctor({ REDIS_URL: redis.url }, { timeoutMs: 6000 })
      expect(check(report, 'CON-001').message).toMatch(/^stalled: It accepts connections and answers nothing/)
      expect(report.impact.effects[0]).toContain('falls back within 100 ms (transparent-cache)')
      // One connect timeout is 2 s; two of them would be too many.
      expect(performance.now() - begun).toBeLessThan(3900)
      redis.thaw()
    })
  })

  test('a wrong password and a missing one: auth, and neither is shown', async () => {
    await withSandbox(async ({ redis }) => {
      const admin = await createOperatorClient({ url: redis.url })
      await admin.send('CONFIG', 'SET', 'requirepass', 'right-canary')
      const wrong = await doctor({ REDIS_URL: redis.url, REDIS_PASSWORD: 'wrong-canary' })
      const missing = await doctor({ REDIS_URL: redis.url })
      const right = await doctor({ REDIS_URL: redis.url, REDIS_PASSWORD: 'right-canary' })
      admin.close()
      expect([wrong, missing].map((report) => report.impact.kind)).toEqual(['auth', 'auth'])
      expect(check(right, 'CON-001').status).toBe('ok')
      expect(JSON.stringify([wrong, missing, right])).not.toContain('canary')
    })
  })

  test('full of clients, and what is no Redis at all', async () => {
    await withSandbox(async ({ redis }) => {
      const admin = await createOperatorClient({ url: redis.url })
      await admin.send('CONFIG', 'SET', 'maxclients', '1')
      const report = await doctor({ REDIS_URL: redis.url })
      admin.close()
      expect(report.impact.kind).toBe('full of clients')
    })
    const other = createServer((socket) =>
      socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    )
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const report = await doctor({ REDIS_URL: `redis://127.0.0.1:${(other.address() as AddressInfo).port}` })
    other.close()
    expect(report.impact.kind).toBe('no redis')
  })

  test('one of the tries is lost: a warning', async () => {
    await withSandbox(async ({ redis }) => {
      const admin = await createOperatorClient({ url: redis.url })
      // This connection, and two of the three.
      await admin.send('CONFIG', 'SET', 'maxclients', '3')
      const report = await doctor({ REDIS_URL: redis.url }, { only: ['CON-001'] })
      admin.close()
      expect(check(report, 'CON-001')).toMatchObject({ status: 'warn', value: 1 })
      expect(report.verdict).toBe('pass')
    })
  })
})

test('a server that stops in the middle breaks checks: inconclusive, never a pass', async () => {
  await withSandbox(async ({ redis }) => {
    const report = await doctor(
      { REDIS_URL: redis.url },
      {
        only: ['KEY-001', 'ENV-003'],
        sampleKeys: async (client) => {
          redis.freeze()
          await client.sendBytes('PING')
          throw new Error('unreachable')
        },
      },
    )
    redis.thaw()
    expect(check(report, 'KEY-001')).toMatchObject({
      status: 'broken',
      message: expect.stringContaining('Redis was lost while it was looked at') as string,
    })
    expect(report.verdict).toBe('inconclusive')
    expect(report.summary).toMatchObject({ ok: 1, broken: 1 })
  })
})

test('a check that never ends is cut off by the time of the whole', async () => {
  await withSandbox(async ({ redis }) => {
    const report = await doctor(
      { REDIS_URL: redis.url },
      { only: ['KEY-001'], timeoutMs: 1500, failOn: 'never', sampleKeys: () => new Promise(() => {}) },
    )
    expect(check(report, 'KEY-001')).toMatchObject({ status: 'broken' })
    expect(report.verdict).toBe('inconclusive')
  })
})

describe('what is felt while Redis is away', () => {
  const REDIS_URL = 'redis://127.0.0.1:1'
  const felt = async (options: Parameters<typeof doctor>[1], environment: Record<string, string> = {}) =>
    (await doctor({ REDIS_URL, ...environment }, { only: ['CON-001'], ...options })).impact.effects.join('\n')

  test('each limiter follows the policy that it declares', async () => {
    const windowMs = 60_000
    const limiters = {
      login: { windowMs, onUnavailable: 'deny' as const },
      api: { windowMs },
      chat: { windowMs, onUnavailable: 'allow' as const },
    }
    expect(await felt({ limiters })).toContain(
      'Limits, as declared: api, chat let everybody through (fail-open); login denies everybody (fail-closed).',
    )
    expect(await felt({})).toContain('Limits: none is declared (limiters in cache.config.json)')
    expect(await felt({ limiters }, { RATE_LIMIT_PROVIDER: 'none' })).toMatch(
      /Limits: as before, .* nobody is limited/,
    )
  })

  test('the source gets so many times its reads, by whoever knows; else nobody does', async () => {
    expect(await felt({})).toContain(
      'would have answered (how much more is not known: declare doctor.hitRatio); it was not looked at.',
    )
    expect(await felt({ hitRatio: 0.92 })).toContain(
      'would have answered: 13 × its usual reads (hit ratio 92 %, as declared)',
    )
    expect(await felt({ hitRatio: 0.5 })).toContain('2 × its usual reads')
    expect(await felt({ hitRatio: 1 })).toContain(
      'of which it got none before (hit ratio 100 %, as declared)',
    )
    const valuesThen = new Map([['HIT-001', 80]])
    expect(await felt({ hitRatio: 0.5, valuesThen })).toContain(
      '5 × its usual reads (hit ratio 80 %, as in the baseline)',
    )
  })

  test('calls that never come back never fall back either', async () => {
    const sentence = 'Supabase gets none of these reads, because no call comes back to fall back on it'
    const never = { library: 'ioredis@6' as const, options: { maxRetriesPerRequest: null } }
    expect(await felt({ client: never, hitRatio: 0.9 })).toContain(sentence)
    expect(await felt({ client: { ...never, options: {} }, hitRatio: 0.9 })).toContain('10 × its usual reads')
  })

  test.each([
    [
      { library: 'ioredis@5' as const, options: { commandTimeout: 250 } },
      'each cache call waits up to 250 ms and then fails (ioredis 5)',
    ],
    [
      { library: 'ioredis@6' as const, options: { enableOfflineQueue: false, maxRetriesPerRequest: 0 } },
      'each cache call fails at once (ioredis 6)',
    ],
    [
      { library: 'ioredis@6' as const, options: { maxRetriesPerRequest: null } },
      'each cache call never returns (ioredis 6)',
    ],
  ])('a call of this client waits for so long: %j', async (client, says) => {
    expect(await felt({ client })).toContain(says)
  })
})

test('no Redis configured: a warning with the consequences', async () => {
  const report = await doctor({}, { client: { options: {} }, skip: ['ENV-001'] })
  expect(check(report, 'CON-001')).toMatchObject({ status: 'warn' })
  expect(check(report, 'TTF-001').status).toBe('skip')
  expect(report.impact.redis).toBe('not configured')
  expect(report.verdict).toBe('pass')
})
