import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadOptionsOf } from '../../../src/cli/load-options.js'
import { loadConfig } from '../../../src/ops/config/load.js'
import { trafficFamilies } from '../../../src/ops/config/traffic-families.js'
import { catalogueOf, familyNamed } from '../../../src/ops/keyspace/families.js'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cache-load-settings-'))
  // Ends the search upwards.
  writeFileSync(join(directory, 'package.json'), '{}')
})
afterEach(() => rmSync(directory, { recursive: true }))

function project(load: unknown, others: object = {}): void {
  writeFileSync(join(directory, 'cache.config.json'), JSON.stringify({ load, ...others }))
}

const read = (env: Record<string, string> = {}, flags = {}) => loadConfig({ directory, env, flags })

test('without anything said, 25 s of a healthy library at 200/s, on the families of the library', async () => {
  const { traffic, ...load } = (await read()).settings.load
  expect(load).toEqual({
    subject: 'library',
    fault: 'none',
    seed: 1,
    rate: 200,
    arrivals: 'constant',
    before: 5000,
    during: 10_000,
    after: 10_000,
    transition: 2000,
    slo: [],
    allow: { factor: 1.3, floorMs: 5 },
    repeat: 1,
    lateness: 5,
  })
  const usual = { skew: 0.99, mix: { read: 90, put: 5, invalidate: 5 }, bytes: [200, 1000, 4000] }
  expect(traffic).toEqual({
    families: {
      'auth.validation': { weight: 3, keys: 300, ...usual },
      conv: { weight: 5, keys: 500, ...usual },
      'llm.policy': { weight: 1, keys: 100, ...usual },
      'conv-config': { weight: 1, keys: 100, ...usual },
    },
    limiter: { share: 0.1, identifiers: 100, skew: 0.99 },
    source: { latency: 2, connections: 50 },
  })
})

test('a flag is heard first, then the variable, the project file, and the default', async () => {
  project({ arrivals: 'ramp', repeat: 3, allow: '2x', traffic: { limiter: { share: 0.5 } } })
  const env = { CACHE_LOAD_REPEAT: '5', CACHE_LOAD_TRAFFIC_LIMITER_SHARE: '0' }
  const { settings, origins } = await read(env, { 'load.repeat': 7 })
  const { arrivals, repeat, allow, traffic, transition } = settings.load
  expect([arrivals, repeat, allow, traffic.limiter.share, transition]).toEqual([
    'ramp',
    7,
    { factor: 2, floorMs: 5 },
    0,
    2000,
  ])
  expect(['arrivals', 'repeat', 'transition'].map((name) => origins[`load.${name}`])).toEqual([
    join(directory, 'cache.config.json'),
    'flag',
    'default',
  ])
})

test('SLOs are a list in the project file, and have a ; between them in the variable', async () => {
  project({ slo: ['during.errors==0', 'during.p99<1s'] })
  expect((await read()).settings.load.slo).toEqual(['during.errors==0', 'during.p99<1s'])
  const { settings } = await read({ CACHE_LOAD_SLO: 'after.ok > 0; during.errors == 0;' })
  expect(settings.load.slo).toEqual(['after.ok > 0', ' during.errors == 0'])
})

describe('what is out of bounds names its place and why', () => {
  const family = (conv: object) => ({ traffic: { families: { conv } } })
  test.each<[object, string, string]>([
    [{ slo: [7] }, 'load.slo', 'is not a list of SLOs'],
    [{ arrivals: 'bursty' }, 'load.arrivals', 'is none of constant, poisson, burst, ramp'],
    [{ rate: 20_001 }, 'load.rate', 'is not a whole number from 1 to 20000'],
    [{ repeat: 10 }, 'load.repeat', 'is not a whole number from 1 to 9'],
    [{ transition: '100ms' }, 'load.transition', 'is not a duration from 250ms to 60s, such as 2s'],
    [{ lateness: '20s' }, 'load.lateness', 'is not a duration from 1ms to 10s, such as 2s'],
    [{ traffic: { limiter: { share: 1.1 } } }, 'load.traffic.limiter.share', 'is not a number from 0 to 1'],
    [
      { traffic: { source: { connections: 0 } } },
      'load.traffic.source.connections',
      'is not a whole number from 1 to 1000',
    ],
    [
      { traffic: { families: {} } },
      'load.traffic.families',
      'names no family; leave it out for those of the library',
    ],
    [family({ weight: 0 }), 'load.traffic.families.conv.weight', 'is not a number from 0.001 to 1000'],
    [family({ skew: 3 }), 'load.traffic.families.conv.skew', 'is not a number from 0 to 2'],
    [family({ bytes: [] }), 'load.traffic.families.conv.bytes', 'is empty'],
    [
      family({ bytes: [2_000_000] }),
      'load.traffic.families.conv.bytes.0',
      'is not a whole number from 64 to 1048576',
    ],
    [
      family({ mix: { read: 0, put: 0, invalidate: 0 } }),
      'load.traffic.families.conv.mix',
      'is nothing at all',
    ],
    [
      { traffic: { families: { conv: { keys: 60_000 }, 'llm.policy': { keys: 60_000 } } } },
      'load.traffic.families',
      'has 120000 keys in all, and at most 100000 are made',
    ],
    [
      family({ keys: 1000, bytes: [1_048_576] }),
      'load.traffic.families',
      'stores 1000 MiB in all, and at most 256 MiB are made',
    ],
  ])('%j', async (load, path, why) => {
    project(load)
    const file = join(directory, 'cache.config.json')
    await expect(read()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `${path} (from ${file}): ${why}.`,
    })
  })

  test('a key that is none is told what it was probably to be', async () => {
    project(family({ key: 5 }))
    await expect(read()).rejects.toMatchObject({
      code: 'CONFIG_UNKNOWN_KEY',
      suggestions: ['did you mean keys?'],
    })
  })
})

test('families of the project file carry traffic, with the TTL that they declare unless another is said', async () => {
  project(
    { traffic: { families: { session: { keys: 40 }, profile: { ttl: null }, conv: { ttl: 5 } } } },
    {
      families: {
        session: { pattern: 'app:session:{userId}', ttl: 900 },
        profile: { pattern: 'app:profile:{userId}', ttl: 60 },
      },
    },
  )
  const config = await read()
  const families = trafficFamilies(config.settings.load.traffic.families, (name) =>
    familyNamed(catalogueOf(config), name, (meant) => meant),
  )
  expect(families.map(({ id, pattern, keys, ttlSeconds }) => [id, pattern, keys, ttlSeconds])).toEqual([
    ['session', 'app:session:{userId}', 40, 900],
    ['profile', 'app:profile:{userId}', 250, null],
    ['conv', 'copilot:conv:{conversationId}', 250, 5],
  ])
})

test('as the engine takes them: an app is asked less, a quorum is more than half, a share of nothing is none', async () => {
  const config = await read({ CACHE_LOAD_REPEAT: '4', CACHE_LOAD_TRAFFIC_LIMITER_SHARE: '0' })
  const [cache, app] = [false, true].map((isApp) => loadOptionsOf(config, { isApp }))
  expect([cache?.ratePerSecond, app?.ratePerSecond]).toEqual([200, 50])
  expect(app).toMatchObject({
    quorum: 3,
    repeat: 4,
    limiter: null,
    source: { latencyMs: 2, connections: 50 },
    maxLatenessMs: 5,
    transitionMs: 2000,
  })
  const said = await read({ CACHE_LOAD_RATE: '200' })
  expect(loadOptionsOf(said, { isApp: true }).ratePerSecond).toBe(200)
})
