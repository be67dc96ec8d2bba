import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createKeyValueClient } from '../../../src/library/index.js'
import { remoteDisturbance } from '../../../src/ops/experiment/remote/remote-disturbance.js'
import { proxyClient, type ProxyClient } from '../../../src/ops/experiment/remote/proxy-client.js'
import { openProxy, type Proxy } from '../../../src/ops/proxy/open-proxy.js'
import type { OutageReport } from '../../../src/ops/report/drill-report.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../sandbox/until.js'

let sandbox: Sandbox
let proxy: Proxy
let control: ProxyClient
let directory: string
let app: { url: string; close(): Promise<void> }
const running: ChildProcess[] = []

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'running-app-'))
  sandbox = await startSandbox()
})
beforeEach(async () => {
  proxy = await openProxy({ to: 'redis', url: sandbox.redis.url })
  control = await proxyClient(proxy.control.url, proxy.control.tokenFile)
})
afterEach(async () => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  await proxy.stop()
})
afterAll(async () => {
  await sandbox.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** An app whose every answer asks a cache that keeps the promise. */
async function startApp(): Promise<typeof app> {
  const client = createKeyValueClient({ backend: 'redis', url: proxy.url })
  const server = createServer((_request, response) => {
    void Promise.resolve(client.get('copilot:conv:1'))
      .catch(() => null)
      .then(() => response.end('{"ok":true}'))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await client.close?.()
    },
  }
}

function cache(argv: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['bin/run.js', 'simulate-outage', '--json', ...argv], {
    env: {
      PATH: process.env['PATH'],
      CACHE_PROXY_URL: proxy.control.url,
      CACHE_PROXY_TOKEN_FILE: proxy.control.tokenFile,
      ...env,
    },
  })
  running.push(child)
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  const ended = new Promise<{ code: number | null; report: OutageReport }>((done) =>
    child.once('close', (code) =>
      done({ code, report: stdout === '' ? (null as never) : (JSON.parse(stdout) as OutageReport) }),
    ),
  )
  return { child, ended }
}

const LONG = ['--before', '1s', '--during', '60s', '--after', '1s', '--rate', '100', '--drill', 'refused']
const BRIEF = LONG.map((word) => (word === '60s' ? '1s' : word))

describe('an app that runs behind a proxy', () => {
  beforeEach(async () => {
    app = await startApp()
  })
  afterEach(() => app.close())

  test('is drilled from outside; what is not seen is not judged', async () => {
    const { code, report } = await cache([...BRIEF, '--url', app.url, '--probe', 'GET / expect 200']).ended
    expect(report).toMatchObject({
      subject: new URL(app.url).host,
      app: { isRunning: true, probes: ['GET /'] },
    })
    const [drill] = report.drills
    expect(drill).toMatchObject({ name: 'refused', witness: { witnessed: true } })
    const results = Object.fromEntries(drill!.clauses.map(({ id, result }) => [id, result]))
    expect(results).toMatchObject({ C1: 'pass', C3: 'pass', C6: 'not judged', C10: 'not judged' })
    expect(code).toBe(report.verdict === 'pass' ? 0 : 3)
    expect(proxy.door.status()).toMatchObject({ fault: null, last: { name: 'refused', ending: 'asked' } })
  })

  test('has no memory that could be seen', async () => {
    const { code, report } = await cache([
      ...BRIEF,
      '--url',
      app.url,
      '--probe',
      'GET /',
      '--abort-if',
      'rss > 1gb',
    ]).ended
    expect([code, report.error?.code]).toEqual([2, 'BAD_STOP_CONDITION'])
    expect(report.error?.message).toContain('its memory is not seen')
  })

  test('is healed by the proxy itself when the drill is killed', async () => {
    const { child, ended } = cache([...LONG, '--url', app.url, '--probe', 'GET / expect 200'])
    await until('the fault', () => proxy.door.status().fault !== null)
    child.kill('SIGKILL')
    await ended
    await until('the heal', () => proxy.door.status().fault === null)
    expect(proxy.door.status().last).toMatchObject({ ending: 'lease' })
  })

  test('is healed at once by Ctrl-C', async () => {
    const { child, ended } = cache([...LONG, '--url', app.url, '--probe', 'GET / expect 200'])
    await until('the fault', () => proxy.door.status().fault !== null)
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
    expect(proxy.door.status().last).toMatchObject({ ending: 'asked' })
  })
})

test('an app that never came through the proxy: inconclusive', async () => {
  const stranger = createServer((_request, response) => response.end('ok'))
  await new Promise<void>((done) => stranger.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`
  const { code, report } = await cache([...BRIEF, '--url', url, '--probe', 'GET / expect 200']).ended
  expect(code).toBe(3)
  expect(report.drills[0]!.reason).toContain('never connected to its backend through the proxy')
  stranger.closeAllConnections()
  stranger.close()
})

test('what cannot be is refused', async () => {
  const rows: [string[], NodeJS.ProcessEnv, number, string][] = [
    [['--url', 'http://example.com'], {}, 4, 'NOT_LOOPBACK'],
    [['--url', 'app'], {}, 2, 'BAD_URL'],
    [['--url', 'http://127.0.0.1:1'], { CACHE_PROXY_URL: '' }, 2, 'NO_PROXY'],
    [['--url', 'http://127.0.0.1:1', '--proxy', 'http://example.com'], {}, 2, 'BAD_URL'],
    [['--url', 'http://127.0.0.1:1', '--proxy', 'http://127.0.0.1:1'], {}, 3, 'PROXY_AWAY'],
    [['--url', 'http://127.0.0.1:1'], { CACHE_PROXY_TOKEN_FILE: '' }, 2, 'NO_TOKEN'],
    [['--url', 'http://127.0.0.1:1'], { CACHE_PROXY_TOKEN_FILE: '/nowhere' }, 3, 'NO_TOKEN'],
    [['--url', 'http://127.0.0.1:1', '--drill', 'upstash-429'], {}, 2, 'DOES_NOT_FIT'],
    [['--url', 'http://127.0.0.1:1', '--abort-if', 'rss > 1gb'], {}, 2, 'BAD_STOP_CONDITION'],
    [['--url', 'http://127.0.0.1:1'], { CACHE_PROXY_TOKEN_FILE: notTheToken() }, 2, 'WRONG_TOKEN'],
  ]
  const found = await Promise.all(
    rows.map(([argv, env]) => cache([...argv, '--probe', 'GET / expect 200'], env).ended),
  )
  expect(found.map(({ code, report }) => [code, report.error?.code])).toEqual(
    rows.map(([, , code, error]) => [code, error]),
  )
})

function notTheToken(): string {
  const path = join(directory, 'wrong')
  writeFileSync(path, 'wrong')
  return path
}

test('a fault that somebody lifts before its time is told', async () => {
  const disturbance = remoteDisturbance('stall', control)
  await disturbance.begin()
  await proxy.door.open()
  expect(await disturbance.lost).toContain('lifted the fault')
  await disturbance.end()
})

test('two at a time are one too many', async () => {
  const first = remoteDisturbance('stall', control)
  await first.begin()
  const second = remoteDisturbance('refused', control)
  await expect(second.begin()).rejects.toMatchObject({ code: 'PROXY_DRIVEN', kind: 'environment' })
  await second.end()
  expect(proxy.door.status().fault?.name).toBe('stall')
  await first.end()
  expect(first.witness().counts).toBeDefined()
  expect(proxy.door.status().fault).toBeNull()
})
