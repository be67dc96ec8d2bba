import { spawn, execFileSync, type ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { isRefused } from '../../../src/ops/faults/doors/listener.js'
import type { ProxyReport, ProxyStatus } from '../../../src/ops/report/proxy-report.js'
import { freePort } from '../../../src/ops/sandbox/free-port.js'
import { startRedisServer } from '../../../src/ops/sandbox/redis-server.js'
import type { RedisServer } from '../../../src/ops/sandbox/sandbox.js'
import { startUpstashEndpoint, type UpstashEndpoint } from '../../../src/ops/sandbox/upstash/endpoint.js'
import { startWatchdog } from '../../../src/ops/sandbox/watchdog.js'
import { until } from '../sandbox/until.js'

const root = resolve(import.meta.dirname, '../../..')
const PASSWORD = 'pa55-of-the-proxy-test'
const watchdog = startWatchdog()
const running: ChildProcess[] = []
let cli: string
let temporary: string
let plain: RedisServer
let upstash: UpstashEndpoint
let secured: RedisServer
let tlsPort: number

beforeAll(async () => {
  cli = mkdtempSync(join(tmpdir(), 'proxy-command-'))
  temporary = join(cli, 'tmp')
  mkdirSync(temporary)
  const openssl = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout ${cli}/key.pem -out ${cli}/cert.pem`
  execFileSync('openssl', openssl.split(' '), { stdio: 'ignore' })
  tlsPort = await freePort()
  const extraArgs = ['--tls-port', `${tlsPort}`, '--tls-cert-file', `${cli}/cert.pem`, '--tls-key-file', `${cli}/key.pem`, '--tls-auth-clients', 'no', '--dir', cli] // prettier-ignore
  ;[plain, secured] = await Promise.all([
    startRedisServer({ watchdog }),
    startRedisServer({ watchdog, requirepass: PASSWORD, extraArgs }),
  ])
  upstash = await startUpstashEndpoint({ redisUrl: plain.url })
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts', 'commands/proxy.ts'],
    outdir: join(cli, 'dist'),
    outbase: '.',
    splitting: true,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    logLevel: 'error',
    external: ['pg-native', '@electric-sql/pglite', 'typescript'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
  mkdirSync(join(cli, 'bin'))
  cpSync(join(root, 'bin/run.js'), join(cli, 'bin/run.js'))
  cpSync(join(root, 'package.json'), join(cli, 'package.json'))
})
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})
afterAll(async () => {
  await upstash.stop()
  await Promise.all([plain.stop(), secured.stop()])
  await watchdog.stop()
  rmSync(cli, { recursive: true, force: true })
})

function cache(argv: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [join(cli, 'bin/run.js'), 'proxy', ...argv], {
    cwd: cli,
    env: { PATH: process.env['PATH'], TMPDIR: temporary, ...env },
  })
  running.push(child)
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
  const code = new Promise<number | null>((done) => child.once('close', done))
  const report = async (): Promise<ProxyReport> => {
    await until('the document', () => said.stdout.endsWith('}\n') || child.exitCode !== null)
    return JSON.parse(said.stdout) as ProxyReport
  }
  return { child, said, code, report }
}

async function ask({ control }: ProxyReport, line: string, body?: unknown): Promise<ProxyStatus> {
  const [method, path] = line.split(' ') as [string, string]
  const token = readFileSync(control.tokenFile, 'utf8').trim()
  const answer = await fetch(`${control.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  expect(answer.status).toBe(200)
  return (await answer.json()) as ProxyStatus
}

const client = (url: string) =>
  new Redis(url, { retryStrategy: (attempt) => Math.min(20 * attempt, 100), lazyConnect: false })

test('a Redis of our sandbox, without confirmation: fails and heals as it is told, and is a closed port after SIGKILL', async () => {
  const { child, report: started } = cache(['--to', 'redis', '--json'], { REDIS_URL: plain.url })
  const report = await started()
  expect(report).toMatchObject({
    schema: 'cache.proxy/1',
    pid: child.pid,
    upstream: { production: false, tls: false },
  })
  expect(statSync(report.control.tokenFile).mode & 0o777).toBe(0o600)
  const app = client(report.env['REDIS_URL']!)
  app.on('error', () => undefined)
  try {
    await app.set('k', 'v')
    await ask(report, 'POST /fault', { name: 'oom' })
    await expect(app.set('k', 'w')).rejects.toThrow('OOM')
    expect(await ask(report, 'POST /open')).toMatchObject({
      last: { name: 'oom', witness: { witnessed: true } },
    })
    expect(await app.get('k')).toBe('v')
    await ask(report, 'POST /fault', { name: 'refused' })
    child.kill('SIGKILL')
    await until('a closed port', () => isRefused(report.proxy.host, report.proxy.port))
    await until('nothing left', () => readdirSync(temporary).length === 0)
  } finally {
    app.disconnect()
  }
})

test('TLS and a password to the server, neither on loopback nor in the output', async () => {
  const { child, said, code } = cache(
    ['--to', 'redis', '--confirm', `localhost:${tlsPort}`, '--fault', 'stall', '--for', '300ms'],
    { REDIS_URL: `rediss://:${PASSWORD}@localhost:${tlsPort}/2`, NODE_EXTRA_CA_CERTS: `${cli}/cert.pem` },
  )
  await until('the export', () => said.stdout.endsWith("'\n"))
  const url = new URL(/^export REDIS_URL=(redis:\/\/127\.0\.0\.1:\d+\/2)$/m.exec(said.stdout)![1]!)
  expect(said.stdout).toMatch(/^# User and password are not shown/)
  url.password = PASSWORD
  const app = client(url.href)
  try {
    // Waits for the end of the stall.
    expect(await app.set('k', 'v')).toBe('OK')
    const straight = new Redis(secured.url, { db: 2, password: PASSWORD })
    expect(await straight.get('k')).toBe('v')
    straight.disconnect()
  } finally {
    app.disconnect()
  }
  child.kill('SIGTERM')
  expect(await code).toBe(143)
  expect(said.stderr).toMatch(/stall is off after .* as its time is up; .*\n/)
  expect(said.stderr).toMatch(/start the application with its own REDIS_URL again\.\n$/)
  expect(said.stdout + said.stderr).not.toContain(PASSWORD)
  expect(readdirSync(temporary)).toEqual([])
})

test('an Upstash endpoint', async () => {
  const {
    child,
    report: started,
    code,
  } = cache(['--to', 'upstash', '--json'], { UPSTASH_REDIS_REST_URL: upstash.url })
  const report = await started()
  const get = () => fetch(`${report.env['UPSTASH_REDIS_REST_URL']}/ping`, { headers: { authorization: `Bearer ${upstash.token}` } }) // prettier-ignore
  expect(await (await get()).json()).toEqual({ result: 'PONG' })
  await ask(report, 'POST /fault', { name: 'upstash-429' })
  expect((await get()).status).toBe(429)
  child.kill('SIGINT')
  expect(await code).toBe(130)
})

test.each([
  ['a server that may be production', [], {}, 4, 'NOT_CONFIRMED', '--confirm localhost:'],
  ['another name', ['--confirm', 'prod'], {}, 4, 'NOT_CONFIRMED', '--confirm localhost:'],
  ['where drills are forbidden', [], { CACHE_DRILLS_DISABLED: '1' }, 4, 'DRILLS_DISABLED', 'unset'],
  ['a password in --url', ['--url', 'redis://:geheim-1@h:1'], {}, 2, 'SECRET_IN_ARGUMENTS', 'REDIS_PASSWORD'],
  ['a fault of another protocol', ['--fault', 'upstash-429'], {}, 2, 'UNKNOWN_FAULT', ''],
  ['no server at all', [], { REDIS_URL: '' }, 2, 'NO_TARGET', 'export REDIS_URL'],
  ['nobody there', ['--url', 'redis://127.0.0.1:1'], {}, 3, 'REDIS_ECONNREFUSED', ''],
])('refused: %s', async (_what, argv, env, expected, errorCode, wayOut) => {
  const url = `redis://:${PASSWORD}@localhost:${secured.port}`
  // In a directory that is none of ours, as somebody's own server is.
  const { said, code } = cache(['--to', 'redis', '--json', ...argv], { REDIS_URL: url, ...env })
  expect(await code).toBe(expected)
  const { error } = JSON.parse(said.stdout) as ProxyReport
  expect(error).toMatchObject({ code: errorCode })
  expect(error!.suggestions.join()).toContain(wayOut)
  expect(readdirSync(temporary)).toEqual([])
})

test('refused: a cluster, whose clients go past the door', async () => {
  const node = await startRedisServer({ watchdog, extraArgs: ['--cluster-enabled', 'yes'] })
  try {
    const { said, code } = cache(['--to', 'redis', '--json'], { REDIS_URL: node.url })
    expect(await code).toBe(4)
    expect((JSON.parse(said.stdout) as ProxyReport).error).toMatchObject({ kind: 'safety', code: 'CLUSTER' })
  } finally {
    await node.stop()
  }
})

/** Runs a command on a terminal of its own; for each `word key` waits for the word and presses the key. */
const AT_A_TERMINAL = `
import os, pty, sys
steps, *argv = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(argv[0], argv)
shown = b''
def read():
    global shown
    try:
        shown += os.read(terminal, 4096)
        return True
    except OSError:
        return False
for step in steps.split(','):
    word, key = step.split('/')
    while word.encode() not in shown and read(): pass
    shown = b''
    os.write(terminal, key.encode())
while read(): pass
print('exit %d' % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode())
`

test.each([
  ['q', 'exit 0'],
  ['\u0003', 'exit 130'],
])('keys at a terminal, and %j at the end', (last, expected) => {
  const steps = `Keys:/2,stall is on/o,stall is off/${last}`
  const argv = [process.execPath, join(cli, 'bin/run.js'), 'proxy', '--to', 'redis']
  const said = execFileSync('python3', ['-c', AT_A_TERMINAL, steps, ...argv], {
    env: { PATH: process.env['PATH'], TMPDIR: temporary, REDIS_URL: plain.url, TERM: 'xterm' },
    encoding: 'utf8',
    timeout: 20_000,
  })
  expect(said).toContain(expected)
  expect(said).toContain('The door is closed')
  expect(readdirSync(temporary)).toEqual([])
})
