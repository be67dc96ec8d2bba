import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startSandbox } from '../src/ops/sandbox/start-sandbox.js'
import { startSupabase } from '../src/ops/sandbox/supabase/start-supabase.js'

const run = promisify(execFile)

// It imports the package by its name, as it is built: an embedder's view.
test('the example uses cache and limiter on Redis and on Upstash, with Redis and without', async () => {
  const { stdout } = await run(process.execPath, ['examples/cache-and-limiter.mjs'])
  expect(stdout.split('\n')).toEqual([
    'with Redis: redis loaded for redis',
    'with Redis: redis 1 ok',
    'with Redis: redis 2 ok',
    // One and the same entry, and one and the same count.
    'with Redis: upstash loaded for redis',
    'with Redis: upstash 1 ok',
    'with Redis: upstash 2 limited',
    'without it: redis loaded for redis',
    'without it: redis 1 unavailable',
    'without it: redis 2 unavailable',
    'without it: upstash loaded for upstash',
    'without it: upstash 1 unavailable',
    'without it: upstash 2 unavailable',
    '',
  ])
})

test('that of the stores fits in 30 lines, and is the same with Redis and without', async () => {
  expect((await readFile('examples/stores.mjs', 'utf8')).trim().split('\n').length).toBeLessThanOrEqual(30)
  const sandbox = await startSandbox()
  try {
    const supabase = await startSupabase({ watchdog: sandbox.watchdog })
    const { url: SUPABASE_URL, serviceRoleKey: SUPABASE_SERVICE_ROLE_KEY } = supabase
    const onBackend = async (REDIS_URL: string) => {
      const env = { ...process.env, SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, REDIS_URL }
      const { stdout } = await run(process.execPath, ['examples/stores.mjs'], { env })
      return stdout.trim().split('\n')
    }
    const lines = (backend: string) => [
      '{ isValid: true }',
      `[ 'small' ] 30 ${backend}`,
      'ada sees Budget - eve sees undefined',
      'eve sees Budget 1',
    ]
    expect(await onBackend(sandbox.redis.url)).toEqual(lines('redis'))
    expect(await onBackend('')).toEqual(lines('passthrough'))
    await supabase.stop()
  } finally {
    await sandbox.stop()
  }
})
