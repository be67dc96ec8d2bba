import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

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
