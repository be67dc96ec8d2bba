import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { environmentAlone } from '../../../src/ops/config/environment-alone.js'
import { readProbesFile } from '../../../src/ops/config/probes/probes-file.js'
import type { OwnServer } from '../../../src/ops/experiment/app/own-servers/guarded-server.js'
import { ownEnvironment } from '../../../src/ops/experiment/app/own-servers/own-environment.js'
import { ownServersOf } from '../../../src/ops/experiment/app/own-servers/own-servers-of.js'
import { guardServers } from '../../../src/ops/outage/guard-own-servers.js'
import { simulateOutage } from '../../../src/ops/outage/simulate-outage.js'
import { ask } from '../../../src/ops/sandbox/ask.js'
import { findServer } from '../../../src/ops/sandbox/find-server.js'
import { freePort } from '../../../src/ops/sandbox/free-port.js'
import { until } from '../sandbox/until.js'
import { TOO_BUSY } from './one-drill.js'

const PASSWORD = 'pa55-of-own-servers'
const APPS = join(import.meta.dirname, 'apps')

/** A Redis that nobody knows: no sandbox, no environment of a project. */
let foreign: ChildProcess
let port: number
let directory: string
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'foreign-redis-'))
  port = await freePort()
  const args = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--requirepass',
    PASSWORD,
    '--save',
    '',
    '--dir',
    directory,
  ]
  foreign = spawn((await findServer()).path, args, { stdio: 'ignore' })
  const ping = () => ask({ host: '127.0.0.1', port, password: PASSWORD, deadlineMs: 500 }, ['PING'])
  await until('the server', () =>
    ping().then(
      ([pong]) => pong === 'PONG',
      () => false,
    ),
  )
})
afterAll(() => {
  foreign.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

const url = () => `redis://:${PASSWORD}@127.0.0.1:${port}/1`

describe('which servers', () => {
  const env = {
    REDIS_URL: 'rediss://user:pw@cache.example:6380/2?family=4',
    SESSION_URL: 'redis://other@cache.example:6380',
    QUEUE_URL: 'redis://queue.example',
    SUPABASE_URL: 'https://db.example/',
  }

  test('each that a variable names; the first has the door', () => {
    expect(ownServersOf({ env })).toMatchObject([
      { service: 'redis', variables: ['REDIS_URL', 'SESSION_URL'], hasDoor: true },
      { service: 'redis', variables: ['QUEUE_URL'], hasDoor: false },
      { service: 'supabase', variables: ['SUPABASE_URL'], hasDoor: true },
    ])
  })

  test('the app keeps its users, passwords and options, and what has no door', () => {
    const doors = [6001, null, 6003]
    const fronted = ownServersOf({ env }).map((server, index) => ({
      server,
      door: doors[index] == null ? null : { host: '127.0.0.1', port: doors[index] },
    }))
    const given = ownEnvironment({ env: { ...env, HOME: '/home', NODE_CHANNEL_FD: '3' } }, fronted)
    expect(given.env).toEqual({
      HOME: '/home',
      REDIS_URL: 'redis://user:pw@127.0.0.1:6001/2?family=4',
      SESSION_URL: 'redis://other@127.0.0.1:6001',
      QUEUE_URL: 'redis://queue.example',
      SUPABASE_URL: 'http://127.0.0.1:6003',
    })
    expect(given.rewritten).toEqual(['REDIS_URL', 'SESSION_URL', 'SUPABASE_URL'])
  })

  test.each([
    [{}, 'NO_TARGET'],
    [{ REDIS_URL: 'not-a-url-with-s3cret' }, 'BAD_URL'],
    [{ UPSTASH_REDIS_REST_URL: 'ftp://s3cret.example' }, 'BAD_URL'],
  ])('%j makes no sense', (named, code) => {
    expect(() => ownServersOf({ env: named })).toThrow(expect.objectContaining({ code }))
    expect(() => ownServersOf({ env: named })).not.toThrow(/s3cret/)
  })

  test('of a named environment, and of no other', () => {
    const variables = (prefix: string) => ({ REDIS_URL: `${prefix}_REDIS_URL` })
    const environments = {
      staging: { hosts: ['stage.example'], production: false, variables: variables('STAGING') },
      live: { hosts: ['live.example'], production: true, variables: variables('LIVE') },
    }
    const all = {
      STAGING_REDIS_URL: 'redis://stage.example',
      LIVE_REDIS_URL: 'redis://live.example',
      PATH: '/',
    }
    expect(environmentAlone('staging', { env: all, environments })).toEqual({
      STAGING_REDIS_URL: 'redis://stage.example',
      REDIS_URL: 'redis://stage.example',
      PATH: '/',
    })
  })
})

describe('the guard', () => {
  const server = (address: string): OwnServer => ({
    service: 'redis',
    variables: ['REDIS_URL'],
    url: `redis://:s3cret@${address}`,
    hasDoor: true,
  })
  const environments = {
    staging: { hosts: ['stage.example'], production: false },
    live: { hosts: ['live.example'], production: true },
  }
  const asked: string[] = []
  const guard = (
    addresses: string[],
    more: { confirmed?: string[]; conditions?: number; isOurs?: boolean } = {},
  ) => {
    asked.length = 0
    const { confirmed = [], conditions = 0, isOurs = false } = more
    const isSandbox = (each: OwnServer) => {
      asked.push(each.url)
      return Promise.resolve(isOurs)
    }
    return guardServers(addresses.map(server), { environments, confirmed, conditions, isSandbox })
  }

  test('lets through what is declared not to be production, and our own', async () => {
    expect(await guard(['stage.example'])).toMatchObject([{ name: 'staging', production: false }])
    expect(await guard(['127.0.0.1:7000'], { isOurs: true })).toMatchObject([{ production: false }])
  })

  test.each([
    ['production', ['live.example'], ['staging'], /not the target's name/],
    ['the unknown', ['nobody.example:6380'], [], /nobody\.example:6380: it counts as production/],
    ['one of two', ['stage.example', 'live.example'], [], /live: it counts as production/],
    [
      'both of two',
      ['nobody.example', 'live.example'],
      ['staging'],
      /nobody\.example:6379, live: each counts/,
    ],
  ])('refuses %s without a word to it', async (_, addresses, confirmed, words) => {
    const refused = guard(addresses, { confirmed, conditions: 1 })
    await expect(refused).rejects.toMatchObject({
      code: 'NOT_CONFIRMED',
      message: expect.stringMatching(words),
    })
    expect(asked).toEqual([])
  })

  test('wants a stop condition where production is confirmed', async () => {
    const confirmed = ['live', 'nobody.example:6379']
    const both = ['live.example', 'nobody.example']
    await expect(guard(both, { confirmed })).rejects.toMatchObject({ code: 'NO_STOP_CONDITION' })
    expect(await guard(both, { confirmed, conditions: 1 })).toMatchObject([
      { name: 'live', production: true },
      { name: 'nobody.example:6379', production: true },
    ])
  })
})

function cache(args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['bin/run.js', 'simulate-outage', '--json', ...args], {
    env: { PATH: process.env['PATH'], REDIS_URL: url() },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return new Promise((done) => child.on('close', (code) => done({ code, said })))
}

describe('a foreign server', () => {
  test('is refused, with its name and without its password', async () => {
    const args = [
      '--own-servers',
      '--drill',
      'stall',
      '--ready',
      'http://127.0.0.1:9/',
      '--probe',
      'GET /',
      '--',
      'true',
    ]
    const { code, said } = await cache(args)
    expect([code, said]).toEqual([4, expect.stringContaining(`--confirm 127.0.0.1:${port}`)])
    expect(said).not.toContain(PASSWORD)
  })

  test('is used through the door, gets no key of ours, and those of the app have an end', async () => {
    const own = await guardServers(ownServersOf({ env: { REDIS_URL: url() } }), {
      environments: {},
      confirmed: [`127.0.0.1:${port}`],
      conditions: 1,
      isSandbox: () => Promise.resolve(false),
    })
    const appPort = String(await freePort())
    const { probes, ...declared } = readProbesFile(join(APPS, 'good.probes.yaml'))
    const report = await simulateOutage({
      drills: ['stall'],
      seed: 1,
      ratePerSecond: 120,
      beforeMs: 1000,
      duringMs: 1200,
      afterMs: 1200,
      budgets: { p99: 4000, worst: 5000 },
      app: {
        command: [process.execPath, join(APPS, 'good.mjs')],
        readyUrl: `http://127.0.0.1:${appPort}/health`,
        probes,
        declared,
        env: { PATH: process.env['PATH'], PORT: appPort, REDIS_URL: url() },
        own,
      },
    })
    expect(report.environment).toEqual({ server: "the app's own Redis", emulated: [] })
    expect(report.app?.ownServers).toMatchObject({
      servers: [{ name: `127.0.0.1:${port}`, production: true, hasDoor: true }],
      written: [],
    })
    expect(JSON.stringify(report)).not.toContain(PASSWORD)
    const [drill] = report.drills
    expect(drill?.witness.witnessed).toBe(true)
    if (!TOO_BUSY.test(drill?.reason ?? ''))
      expect(drill?.clauses.find(({ id }) => id === 'C11')).toMatchObject({
        result: 'pass',
        evidence: expect.stringMatching(
          /^left of keys with cache-drill-\w+ in their name, .*: \d+ keys, each gone/,
        ),
      })
    const [, size] = await ask(
      { host: '127.0.0.1', port, password: PASSWORD, deadlineMs: 1000 },
      ['SELECT', '1'],
      ['DBSIZE'],
    )
    expect(Number(size)).toBeGreaterThan(0)
  })

  test('is harmed by no drill that harms servers', async () => {
    const args = [
      '--own-servers',
      '--confirm',
      `127.0.0.1:${port}`,
      '--abort-if',
      'errors > 90%',
      '--drill',
      'short-ttl',
    ]
    const { code, said } = await cache([
      ...args,
      '--ready',
      'http://127.0.0.1:9/',
      '--probe',
      'GET /',
      '--',
      'true',
    ])
    expect([code, said]).toEqual([2, expect.stringContaining('harms the server itself')])
  })
})
