import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../src/ops/sandbox/start-sandbox.js'

const readme = readFileSync('README.md', 'utf8')
const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''

interface Example {
  session(userId: string): Promise<{ loads: number }>
  revoke(userId: string): Promise<void>
}

let sandbox: Sandbox
let directory: string
beforeAll(async () => {
  sandbox = await startSandbox()
  directory = await mkdtemp(join(tmpdir(), 'transparent-cache-readme-'))
})
afterAll(async () => {
  await sandbox.stop()
  await rm(directory, { recursive: true })
})

/** The README's code, word for word, beside what it calls a database. */
async function run(name: string, redisUrl: string | undefined): Promise<Example> {
  const outfile = join(directory, `${name}.mjs`)
  await build({
    stdin: {
      contents: `interface Session { loads: number }\nlet loads = 0\nconst loadSession = async (_: string): Promise<Session> => ({ loads: ++loads })\nconst revokeSession = async (_: string) => undefined\n${example}`,
      loader: 'ts',
      resolveDir: resolve('.'),
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    alias: { 'transparent-cache': resolve('src/library/index.ts') },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  const before = process.env['REDIS_URL']
  if (redisUrl === undefined) delete process.env['REDIS_URL']
  else process.env['REDIS_URL'] = redisUrl
  try {
    return (await import(pathToFileURL(outfile).href)) as Example
  } finally {
    if (before === undefined) delete process.env['REDIS_URL']
    else process.env['REDIS_URL'] = before
  }
}

test('the example fits in 15 lines', () => {
  const lines = example.split('\n').filter((line) => line.trim() !== '')
  expect(lines.length).toBeLessThanOrEqual(15)
})

test('with Redis it caches, and a revoked session is loaded anew', async () => {
  const { session, revoke } = await run('with', sandbox.redis.url)
  expect([await session('u1'), await session('u1')]).toEqual([{ loads: 1 }, { loads: 1 }])
  await revoke('u1')
  expect(await session('u1')).toEqual({ loads: 2 })
})

test.each([
  ['without Redis', undefined],
  ['with one that refuses', 'redis://127.0.0.1:1'],
])('%s the very same code answers from the database', async (name, url) => {
  const { session, revoke } = await run(name.replaceAll(' ', '-'), url)
  expect([await session('u1'), await session('u1')]).toEqual([{ loads: 1 }, { loads: 2 }])
  await revoke('u1')
  expect(await session('u1')).toEqual({ loads: 3 })
})
