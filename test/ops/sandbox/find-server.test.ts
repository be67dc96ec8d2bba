import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findServer } from '../../../src/ops/sandbox/find-server.js'
import { installCommand } from '../../../src/ops/sandbox/install-command.js'

let scratch: string
let real: string
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'find-server-'))
  real = (await findServer()).path
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function program(path: string, script: string): string {
  mkdirSync(join(scratch, path, '..'), { recursive: true })
  writeFileSync(join(scratch, path), `#!/bin/sh\n${script}\n`)
  chmodSync(join(scratch, path), 0o755)
  return join(scratch, path)
}

test('the binary on PATH tells its name and version', async () => {
  expect(await findServer()).toEqual({
    path: expect.stringMatching(/(redis|valkey)-server$/),
    version: expect.stringMatching(/^(redis|valkey)-server \d+\.\d+\.\d+$/),
  })
})

test('redis-server comes before valkey-server, whichever directory is first', async () => {
  program('a/valkey-server', 'echo "Valkey server v=8.0.1 sha=00000000:0 malloc=jemalloc bits=64"')
  program('b/redis-server', 'echo "Redis server v=7.4.2 sha=00000000:0 malloc=jemalloc bits=64"')
  const both = [join(scratch, 'a'), join(scratch, 'b')].join(delimiter)
  expect((await findServer({ PATH: both })).version).toBe('redis-server 7.4.2')
  expect((await findServer({ PATH: join(scratch, 'a') })).version).toBe('valkey-server 8.0.1')
})

test('CACHE_REDIS_SERVER is a path or a name on PATH', async () => {
  mkdirSync(join(scratch, 'named'))
  symlinkSync(real, join(scratch, 'named/my-redis'))
  expect((await findServer({ CACHE_REDIS_SERVER: real, PATH: '' })).path).toBe(real)
  const named = await findServer({ CACHE_REDIS_SERVER: 'my-redis', PATH: join(scratch, 'named') })
  expect(named.path).toBe(join(scratch, 'named/my-redis'))
})

test.each(['/nowhere/redis-server', 'no-such-name', tmpdir(), process.execPath])(
  'CACHE_REDIS_SERVER=%s is refused by name, and PATH is not tried',
  async (value) => {
    await expect(findServer({ ...process.env, CACHE_REDIS_SERVER: value })).rejects.toMatchObject({
      kind: 'environment',
      code: 'BAD_REDIS_SERVER',
      message: expect.stringContaining(JSON.stringify(value)),
      suggestions: expect.arrayContaining([expect.stringContaining('install')]),
    })
  },
)

test('without any server there is one command to run', async () => {
  program('apt/apt-get', '')
  const error = await findServer({ PATH: join(scratch, 'apt') }).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ kind: 'environment', code: 'NO_REDIS_SERVER' })
  expect((error as { suggestions: string[] }).suggestions).toEqual([
    expect.stringMatching(/^(sudo )?apt-get install -y redis-server$/),
  ])
})

test('a server that cannot run is as good as none', async () => {
  program('broken/redis-server', 'exit 127')
  await expect(findServer({ PATH: join(scratch, 'broken') })).rejects.toMatchObject({
    code: 'NO_REDIS_SERVER',
  })
})

test.each([
  ['apk', /^(sudo )?apk add redis$/],
  ['dnf', /^(sudo )?dnf install -y redis$/],
  ['brew', /^brew install redis$/],
])('with %s, its command', (installer, expected) => {
  program(`${installer}/${installer}`, '')
  expect(installCommand({ PATH: join(scratch, installer) })).toMatch(expected)
})

test('with no installer that we know, where to read', () => {
  expect(installCommand({ PATH: '' })).toContain('https://redis.io')
})
