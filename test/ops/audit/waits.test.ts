import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { audit } from '../../../src/ops/audit/audit.js'
import { timeToFallbackOf } from '../../../src/ops/client-options/index.js'

const directories: string[] = []
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true })
})

/** What R11 finds in the waiting of `const client = …`, which has a listener. */
async function foundFor(construction: string) {
  const cwd = mkdtempSync(join(tmpdir(), 'cache-waits-'))
  directories.push(cwd)
  const code = [
    "import { Redis, Cluster } from 'ioredis'",
    "import { Redis as Rest } from '@upstash/redis'",
    "import { createClient } from 'redis'",
    `const client = ${construction}`,
    "client.on('error', console.warn)",
  ]
  writeFileSync(join(cwd, 'a.ts'), code.join('\n'))
  const { findings } = await audit({ paths: ['.'], cwd, rules: ['R11'] })
  return findings
}

async function saidOf(construction: string): Promise<string[]> {
  return (await foundFor(construction)).map(({ message }) => message)
}

describe('a client that bounds a refused Redis and not one that hangs', () => {
  test.each([
    ['new Redis()', 'error'],
    ['new Redis({ maxRetriesPerRequest: null })', 'error'],
    ['new Redis({ socketTimeout: 2000 })', 'error'],
    ['new Redis({ enableOfflineQueue: false })', 'warn'],
    ['new Redis({ maxRetriesPerRequest: 3 })', 'warn'],
    ['new Redis({ retryStrategy: (times) => (times > 3 ? null : 50) })', 'warn'],
  ])('%s: %s', async (construction, severity) => {
    expect((await foundFor(construction)).map((finding) => finding.severity)).toEqual([severity])
  })
})

/** reference/ops.md §0.1: 10.5 s, 71.35 s and 20 times up to 199 ms, 4.29 s; and what hangs, hangs for ever. */
describe('the seconds that R11 names', () => {
  test.each([
    [
      'new Redis()',
      'Worst-case time to fallback: never while Redis accepts and does not answer, because neither commandTimeout nor socketTimeout is set; when it refuses, 10.5 s and later up to 42 s on ioredis 5, 71 to 75 s and later up to 109 s on ioredis 6, because 21 attempts to connect come first (maxRetriesPerRequest 20).',
    ],
    [
      'new Redis({ enableOfflineQueue: false, maxRetriesPerRequest: 0 })',
      'Worst-case time to fallback: never while Redis accepts and does not answer, because neither commandTimeout nor socketTimeout is set; when it refuses, commands fail at once.',
    ],
    [
      'new Redis({ maxRetriesPerRequest: 3 })',
      'Worst-case time to fallback: never while Redis accepts and does not answer, because neither commandTimeout nor socketTimeout is set; when it refuses, 0.3 s and later up to 8 s on ioredis 5, 0.4 to 0.9 s and later up to 21 s on ioredis 6, because 4 attempts to connect come first (maxRetriesPerRequest 3).',
    ],
    [
      'new Redis({ maxRetriesPerRequest: null })',
      'Worst-case time to fallback: never. Commands wait in the offline queue until Redis is back, and so does every request that reads the cache.',
    ],
    [
      'new Redis({ socketTimeout: Number(process.env.X) })',
      'Worst-case time to fallback: never while Redis accepts and does not answer, because socketTimeout alone: a command that was sent is kept for another try unless maxRetriesPerRequest is 0; when it refuses, 10.5 s and later up to 42 s on ioredis 5, 71 to 75 s and later up to 109 s on ioredis 6, because 21 attempts to connect come first (maxRetriesPerRequest 20).',
    ],
    [
      'new Redis({ retryStrategy: () => null })',
      'Worst-case time to fallback: never while Redis accepts and does not answer, because neither commandTimeout nor socketTimeout is set; when it refuses, as long as its retry settings allow.',
    ],
    [
      'createClient({ disableOfflineQueue: true })',
      'Worst-case time to fallback: never while Redis accepts and does not answer, because socketTimeout is not set; when it refuses, commands fail at once.',
    ],
    [
      'new Rest({ retry: { retries: 6 } })',
      'Worst-case time to fallback: 11.7 s of pauses when requests fail, because of 7 requests with growing pauses (retry.retries); never while it accepts and does not answer, because no signal is set.',
    ],
  ])('%s', async (construction, message) => expect(await saidOf(construction)).toEqual([message]))

  test.each([
    'new Redis({ commandTimeout: 100 })',
    'new Redis({ commandTimeout: 10_000 })',
    'new Redis({ socketTimeout: 500, maxRetriesPerRequest: 0 })',
    'createClient({ disableOfflineQueue: true, socket: { socketTimeout: 500 } })',
    'new Rest({})',
    'new Rest({ retry: { retries: 5 } })',
  ])('%s: none', async (construction) => expect(await saidOf(construction)).toEqual([]))

  test('are those of client-options, and no copy of them', async () => {
    for (const retries of [1, 7]) {
      const { worstMs } = timeToFallbackOf('ioredis@5', { maxRetriesPerRequest: retries }).timeToFallback
        .refused
      const [message] = await saidOf(`new Redis({ maxRetriesPerRequest: ${retries} })`)
      expect(message).toContain(`up to ${worstMs! / 1000} s on ioredis 5`)
    }
  })
})
