import { spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { moduleSubject } from '../../../src/ops/experiment/subjects/module/module-subject.js'
import { library } from '../../../src/ops/experiment/subjects/library.js'
import { stores } from '../../../src/ops/experiment/subjects/stores.js'
import { drillConfirmed } from '../../../src/ops/outage/server-drill/confirmed-drill.js'
import { requireOwnKeys, requirePausable } from '../../../src/ops/outage/server-drill/fitness.js'
import type { OutageReport } from '../../../src/ops/report/drill-report.js'
import { ask } from '../../../src/ops/sandbox/ask.js'
import { startRedisServer } from '../../../src/ops/sandbox/redis-server.js'
import type { RedisServer } from '../../../src/ops/sandbox/sandbox.js'
import { startWatchdog, type Watchdog } from '../../../src/ops/sandbox/watchdog.js'

// Servers of this file alone, which nobody has declared to be ours, with a password and somebody else's key.
const PASSWORD = 'planted-server-secret'
const OTHERS = ['SET', 'somebody:else', 'stays']

let watchdog: Watchdog
let servers: RedisServer[]
beforeAll(async () => {
  watchdog = startWatchdog()
  servers = await Promise.all([0, 1, 2].map(() => startRedisServer({ watchdog })))
  await Promise.all(
    servers.map(({ host, port }) =>
      ask({ host, port, deadlineMs: 3000 }, OTHERS, ['CONFIG', 'SET', 'requirepass', PASSWORD]),
    ),
  )
})
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  await watchdog.stop()
})

const said = ({ host, port }: RedisServer, ...commands: string[][]) =>
  ask({ host, port, password: PASSWORD, deadlineMs: 1500 }, ...commands)

interface Run {
  code: number | null
  stdout: string
  stderr: string
}

/** The built command, on a server; `inPause` is called once, when its clients wait. */
function cache(
  { url }: Pick<RedisServer, 'url'>,
  args: string[],
  inPause?: (pid: number) => void,
): Promise<Run> {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', REDIS_URL: url, REDIS_PASSWORD: PASSWORD }
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['bin/run.js', 'simulate-outage', ...args], { env })
    const run: Run = { code: null, stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => {
      run.stderr += chunk.toString()
      if (!inPause || !run.stderr.includes('Redis is away')) return
      inPause(child.pid as number)
      inPause = undefined
    })
    child.on('close', (code) => resolve({ ...run, code }))
  })
}

const nameOf = ({ host, port }: RedisServer) => `${host}:${port}`
const SHORT = ['--before', '500ms', '--during', '1500ms', '--after', '1s']
const statsOf = async (server: RedisServer) => {
  const [stats = '', keys] = await said(server, ['INFO', 'stats'], ['DBSIZE'])
  return { connections: /total_connections_received:(\d+)/.exec(stats)?.[1], keys }
}

test('without its name nothing is sent to it; nor for what is too long, or makes no sense', async () => {
  const server = servers[0]!
  const { connections, keys } = await statsOf(server)
  const refused = async (code: string, kind: string, args: string[]) => {
    const run = await cache(server, ['--server-fault', 'pause', '--json', ...args])
    const exit = kind === 'safety' ? 4 : 2
    expect([run.code, JSON.parse(run.stdout)]).toMatchObject([exit, { error: { kind, code } }])
  }
  await Promise.all([
    refused('NOT_CONFIRMED', 'safety', []),
    refused('NOT_CONFIRMED', 'safety', ['--confirm', 'localhost']),
    refused('PAUSE_TOO_LONG', 'usage', ['--confirm', nameOf(server), '--during', '31s']),
    refused('DOES_NOT_FIT', 'usage', ['--confirm', nameOf(server), '--subject', 'library-upstash']),
    refused('CONFLICTING_FLAGS', 'usage', ['--confirm', nameOf(server), '--', 'node', 'app.js']),
  ])
  expect(await statsOf(server)).toEqual({ connections: String(Number(connections) + 1), keys })
}, 60_000)

describe('on a server that is not ours', { timeout: 60_000 }, () => {
  test.concurrent(
    'a whole drill removes its keys, touches no other, and keeps the password to itself',
    async () => {
      const server = servers[0]!
      const args = ['--server-fault', 'pause-writes', '--confirm', nameOf(server), '--json', ...SHORT]
      const run = await cache(server, args)
      const report = JSON.parse(run.stdout) as OutageReport
      expect(report.sharedServer).toMatchObject({
        target: { name: nameOf(server), production: true },
        otherClients: 0,
        keys: { prefix: expect.stringMatching(/^drill-[0-9a-f]{16}$/) as string, left: 0 },
      })
      expect(report.sharedServer?.keys.removed).toBeGreaterThan(200)
      expect(report.drills[0]?.witness.witnessed).toBe(true)
      expect(report.drills[0]?.clauses.filter(({ id }) => ['C1', 'C2'].includes(id))).toMatchObject(
        report.drills[0]?.reason === undefined ? [{ result: 'pass' }, { result: 'pass' }] : [{}, {}],
      )
      expect(run.stderr).toMatch(
        /0 other clients, and whoever connects meanwhile, will wait for up to 1\.5 s/,
      )
      expect(run.stdout + run.stderr).not.toContain(PASSWORD)
      expect(await said(server, ['DBSIZE'], ['GET', 'somebody:else'])).toEqual(['1', 'stays'])
    },
  )

  test.concurrent('Ctrl-C has everybody served again, and the keys removed', async () => {
    const server = servers[1]!
    const args = ['--server-fault', 'pause', '--confirm', nameOf(server), '--subject', 'naive-ioredis6']
    const run = await cache(server, args, (pid) => process.kill(pid, 'SIGINT'))
    expect(run.code).toBe(130)
    expect(run.stdout.replace(/\s+/g, ' ')).toMatch(/keys removed, none left/)
    expect(await said(server, ['DBSIZE'])).toEqual(['1'])
  })

  test.concurrent(
    'kill -9 ends the pause within a slice, and leaves nothing that does not go by itself',
    async () => {
      const server = servers[2]!
      const args = ['--server-fault', 'pause', '--confirm', nameOf(server)]
      await cache(server, args, (pid) => process.kill(pid, 'SIGKILL'))
      // Longer than this would be the deadline of `said`.
      const [list = '', size] = await said(server, ['CLIENT', 'LIST'], ['DBSIZE'])
      expect(list).not.toContain('cache-cli')
      expect(Number(size)).toBeGreaterThan(100)
      const [forGood] = await said(server, ['EVAL', FOR_GOOD, '0'])
      expect(forGood).toBe('1')
    },
  )
})

const FOR_GOOD =
  "local n = 0 for _, key in ipairs(redis.call('KEYS', '*')) do if redis.call('TTL', key) == -1 then n = n + 1 end end return n"

test('a user who may not pause is told so before there is any traffic', async () => {
  const server = servers[0]!
  await said(server, ['ACL', 'SETUSER', 'limited', 'on', '>word', '~*', '+@all', '-client|pause'])
  const url = server.url.replace('redis://', 'redis://limited:word@')
  const run = await cache({ url }, ['--server-fault', 'pause', '--confirm', nameOf(server), '--json'])
  expect([run.code, JSON.parse(run.stdout)]).toMatchObject([3, { error: { code: 'PAUSE_REFUSED' } }])
  expect(run.stdout).toContain('+client|pause')
}, 30_000)

describe('whoever is asked', () => {
  const target = { name: 'staging', host: '10.0.0.7', port: 6379, production: false, fingerprint: 'f' }
  const seen = { ...target, address: '10.0.0.7:6379', database: 0, runId: null, cluster: false } as const
  const drill = (steps: string[], more: Partial<Parameters<typeof drillConfirmed>[0]> = {}) =>
    drillConfirmed({
      fault: 'pause',
      seed: 1,
      named: { url: 'redis://10.0.0.7:6379', target },
      look: () => {
        steps.push('look')
        return Promise.resolve({
          target: { ...seen, role: 'master', version: '7.0.15' },
          others: { clients: 1, sentinels: 0 },
        })
      },
      onForeseen: (text) => steps.push(text),
      confirmed: undefined,
      ask: (name) => {
        steps.push(`ask ${name}`)
        return Promise.resolve('stagign')
      },
      ...more,
    }).catch((error: unknown) => (error as { code: string }).code)

  test('knows before what will happen to whom, and must get the name right, production or not', async () => {
    const steps: string[] = []
    expect(await drill(steps)).toBe('NOT_CONFIRMED')
    expect(steps).toEqual([
      'look',
      'On staging (10.0.0.7:6379), 1 other client, and whoever connects meanwhile, will wait for up to 6 s with all that they ask.',
      'ask staging',
    ])
  })

  test('where nobody can be, or it is Upstash, the server is not even looked at', async () => {
    const steps: string[] = []
    expect(await drill(steps, { ask: null })).toBe('NOT_CONFIRMED')
    const upstash = { url: 'https://eu1.upstash.io', token: 't', target }
    expect(await drill(steps, { named: upstash, confirmed: ['staging'] })).toBe('ON_UPSTASH')
    expect(steps).toEqual([])
  })
})

describe('refused', () => {
  const primary = { name: 'staging', cluster: false, role: 'master' } as const
  const nobody = { clients: 3, sentinels: 0 }
  test.each([
    ['A_CLUSTER', { ...primary, cluster: true }, nobody, 'writes'],
    ['A_REPLICA', { ...primary, role: 'replica' as const }, nobody, 'writes'],
    ['UNKNOWN_ROLE', { ...primary, role: null }, nobody, 'writes'],
    ['WATCHED_BY_SENTINEL', primary, { clients: 3, sentinels: 2 }, 'all'],
    ['UNKNOWN_CLIENTS', primary, { clients: null, sentinels: 0 }, 'all'],
  ] as const)('%s', (code, target, others, commands) => {
    const refused = () => requirePausable(target, others, commands)
    expect(refused).toThrow(expect.objectContaining({ kind: 'safety', code }) as Error)
  })

  test('what keeps the rules is not', () => {
    requirePausable(primary, { clients: 3, sentinels: 2 }, 'writes')
    requirePausable(primary, { clients: null, sentinels: 0 }, 'writes')
    requirePausable(primary, nobody, 'all')
    requireOwnKeys(library)
  })

  test('a subject whose keys are not the drill’s, and a module without a time to live', () => {
    const module = { name: 'mine', path: '/mine.js', protocol: 'resp' } as never
    const withCode = (code: string) => expect.objectContaining({ kind: 'usage', code }) as Error
    expect(() => requireOwnKeys(stores)).toThrow(withCode('DOES_NOT_FIT'))
    expect(() => requireOwnKeys(moduleSubject(module))).toThrow(withCode('NO_TTL'))
    requireOwnKeys(moduleSubject({ ...(module as object), ttl: 300 } as never))
    requireOwnKeys(moduleSubject({ ...(module as object), declared: { limit: 5 } } as never))
  })
})
