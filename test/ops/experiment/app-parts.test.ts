import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { appName } from '../../../src/ops/experiment/app/app.js'
import { appEnvironment } from '../../../src/ops/experiment/app/environment.js'
import { fill } from '../../../src/ops/experiment/app/fill.js'
import { orItsEnd } from '../../../src/ops/experiment/app/launch.js'
import { limitingOf } from '../../../src/ops/experiment/app/limiting.js'
import { watchOutput } from '../../../src/ops/experiment/app/output.js'
import { findRedisVariables } from '../../../src/ops/experiment/app/redis-variables.js'
import { probeSecrets } from '../../../src/ops/experiment/app/probe-secrets.js'
import { starved, tooShort } from '../../../src/ops/experiment/app/steady.js'
import { createContents } from '../../../src/ops/experiment/app/contents.js'
import { createVersions } from '../../../src/ops/experiment/app/versions.js'

test('an app is called by its first words, up to what may be secret', () => {
  expect(appName({ command: ['/usr/bin/node', 'dist/server.js'] })).toBe('node dist/server.js')
  expect(appName({ command: ['env', 'TOKEN=secret', 'node'] })).toBe('env')
  expect(appName({ command: ['npm', 'run', 'start', 'more'] })).toBe('npm run start')
  expect(appName({ command: ['app', '--password', 'secret'] })).toBe('app')
})

test('every address leads to a door, and nothing leads past one', () => {
  const env = {
    PATH: '/bin',
    REDIS_URL: 'rediss://user:secret@redis.example.com:6380/2?family=6&password=secret',
    SESSION_REDIS: 'redis://other.example.com/5',
    REDIS_PASSWORD: 'secret',
    UPSTASH_REDIS_REST_URL: 'https://real.upstash.io',
    SUPABASE_URL: 'https://real.supabase.co',
    CACHE_PROVIDER: 'redis',
    CACHE_TTL: '60',
    QUEUE_URL: 'redis://queue.example.com',
    VALKEY_URL: 'valkeys://valkey.example.com/1',
    KV_REST_API_URL: 'https://real.upstash.io',
    UPSTASH_CONSOLE: 'https://console.upstash.com',
  }
  const {
    env: given,
    rewritten,
    removed,
  } = appEnvironment({ env, redisVariables: ['SESSION_REDIS'] }, { redisUrl: 'redis://127.0.0.1:20001' })
  expect(given).toEqual({
    PATH: '/bin',
    CACHE_PROVIDER: 'redis',
    CACHE_TTL: '60',
    QUEUE_URL: 'redis://127.0.0.1:20001',
    VALKEY_URL: '',
    KV_REST_API_URL: '',
    UPSTASH_CONSOLE: 'https://console.upstash.com',
    REDIS_URL: 'redis://127.0.0.1:20001/2?family=6',
    SESSION_REDIS: 'redis://127.0.0.1:20001/5',
    REDIS_PASSWORD: '',
    UPSTASH_REDIS_REST_URL: '',
    SUPABASE_URL: '',
  })
  expect(rewritten).toEqual(['REDIS_URL', 'SESSION_REDIS', 'QUEUE_URL'])
  expect(removed).toEqual([
    'REDIS_PASSWORD',
    'UPSTASH_REDIS_REST_URL',
    'SUPABASE_URL',
    'VALKEY_URL',
    'KV_REST_API_URL',
  ])
})

test('the variables that code reads are found below its entry, with their place', () => {
  const root = mkdtempSync(join(tmpdir(), 'cache-app-'))
  mkdirSync(join(root, 'src/lib'), { recursive: true })
  mkdirSync(join(root, 'src/node_modules'))
  writeFileSync(join(root, 'src/server.ts'), "import './lib/redis.ts'\n")
  writeFileSync(
    join(root, 'src/lib/redis.ts'),
    "\nconst url = process.env['MY_REDIS_URL'] ?? process.env.PORT\n",
  )
  writeFileSync(join(root, 'src/node_modules/other.js'), 'process.env.OTHER_REDIS_URL')
  expect(findRedisVariables(['node', 'src/server.ts'], root)).toEqual([
    { name: 'MY_REDIS_URL', where: 'src/lib/redis.ts:2' },
  ])
  rmSync(root, { recursive: true })
})

test('of what an app prints a bounded part is kept, plain, and its last lines', async () => {
  const stream = new PassThrough()
  const output = watchOutput([stream], () => 5)
  stream.write('\u001b[31mfirst\u001b[0m\nsec')
  stream.write(`ond\n${'line\n'.repeat(500)}`)
  stream.write('x\n'.repeat(100_000) + 'the end\n')
  stream.end()
  await new Promise((resolve) => stream.once('close', resolve))
  expect(output.signals().slice(0, 2)).toEqual([
    { kind: 'log', atMs: 5, text: 'first' },
    { kind: 'log', atMs: 5, text: 'second' },
  ])
  expect(output.signals()).toHaveLength(200)
  expect(output.dropped()).toBe(302 + 100_001)
  expect(output.lastLines().at(-1)).toBe('the end')
})

test('what is filled in is known by name, and encoded in a path', () => {
  const probe = {
    method: 'PUT',
    path: '/items/{key}',
    body: '{"version": {version}}',
    expect: { statuses: ['2xx'] },
  }
  expect(fill(probe, { key: 'a/b', version: '3' })).toMatchObject({
    path: '/items/a%2Fb',
    body: '{"version": 3}',
  })
})

test('a write whose order nobody would know is not begun', () => {
  const versions = createVersions()
  const write = versions.begin('k', false, 10)
  expect(write).toMatchObject({ version: 2, committedMs: 10, acknowledgedMs: null })
  expect(versions.begin('k', true, 11)).toBeNull()
  if (write) versions.end(write, 12)
  expect(versions.begin('k', true, 13)).toMatchObject({ version: 3 })
  expect(versions.revoked('k')).toBe(3)
})

test('under the fault a limiter that admits has counted only where its policy is to deny', () => {
  const check = (startMs: number, allowed: boolean) => ({
    limiter: 'login',
    startMs,
    endMs: startMs + 1,
    error: null,
    allowed,
    counted: true,
  })
  const times = { faultAtMs: 1000, healAtMs: 4000, endMs: 9000 }
  const limiter = {
    method: 'POST',
    path: '/',
    expect: { statuses: ['2xx'] },
    name: 'login',
    limit: 5,
    windowMs: 500,
  }
  const counted = (onUnavailable: 'allow' | 'deny', allowed: boolean) =>
    limitingOf(
      { ...limiter, onUnavailable },
      [check(500, true), check(2000, allowed)],
      times,
      1000,
    ).checks.map((each) => each.counted)
  expect(counted('allow', true)).toEqual([true, false])
  expect(counted('deny', true)).toEqual([true, true])
  // Nothing at all was allowed in more than two windows: a policy has spoken, and not the declared one.
  expect(counted('allow', false)).toEqual([true, false])
})

test('what a drill could not prove is known before it', () => {
  const phases = { beforeMs: 5000, duringMs: 6000, afterMs: 6000 }
  expect(tooShort({ ratePerSecond: 20, ...phases })).toBeNull()
  expect(tooShort({ ratePerSecond: 19, ...phases })).toMatch(/5\.0 s of `before` are 95: --rate 20/)
  expect(starved([], 20)).toBeNull()
  expect(starved([], 150)).toMatch(/sent up to 150 ms late/)
})

test('what probes tell the app in confidence is hidden where the app prints it', async () => {
  const expected = { statuses: ['2xx'] }
  const secrets = probeSecrets({
    setup: [
      {
        method: 'POST',
        path: '/login',
        body: '{"user": "drill", "password": "hunter22"}',
        expect: expected,
        capture: {},
      },
    ],
    probes: [
      {
        method: 'GET',
        path: '/a',
        headers: { 'x-api-key': 'k-0123', accept: 'text/html' },
        expect: expected,
      },
      { method: 'GET', path: '/b', headers: { authorization: 'Bearer abcdef' }, expect: expected },
    ],
  })
  const stream = new PassThrough()
  const output = watchOutput([stream], () => 5, secrets)
  stream.end('drill came with hunter22, k-0123 and abcdef for text/html; its token is t-98765\n')
  await new Promise((resolve) => stream.on('close', resolve))
  expect(output.secretsTold()).toEqual({ lines: 1, firstMs: 5 })
  secrets.add('t-98765', 'token')
  const line = 'drill came with [redacted], [redacted] and [redacted] for text/html; its token is [redacted]'
  expect(output.lastLines()).toEqual([line])
  expect(output.signals()).toMatchObject([{ text: line }])
})

test('what may not be printed is a credential, and no word, name or id', () => {
  const expect2xx = { statuses: ['2xx'] }
  const body = '{"author":"Hemingway1","password":"correct","token":"{token}"}'
  const probes = [
    { method: 'POST', path: '/', body, headers: { authorization: 'Bearer b-1234' }, expect: expect2xx },
  ]
  const secrets = probeSecrets({ setup: [], probes })
  secrets.add('u-98765', 'userId')
  secrets.add('t-98765', 'token')
  const told = [
    'by Hemingway1',
    'the password is correct',
    'a {token}',
    'GET /users/u-98765',
    'b-1234',
    't-98765',
  ]
  expect(told.filter(secrets.isToldIn)).toEqual(['b-1234', 't-98765'])
  expect(secrets.hide('GET /users/u-98765 by Hemingway1')).toBe('GET /users/[redacted] by [redacted]')
})

test('what is declared to be the same is compared within one version of a key', () => {
  const contents = createContents()
  const answer = (article: unknown) => ({ status: 200, headers: {}, body: JSON.stringify({ article }) })
  const differs = (version: number | null, article: unknown) =>
    contents.isAltered({ key: 'k', version }, { json: 'article' }, answer(article))
  expect(differs(1, { tags: ['a'], at: 5 })).toBe(false)
  expect(differs(1, { tags: ['a'], at: 5 })).toBe(false)
  expect(differs(1, { tags: {}, at: 5 })).toBe(true)
  expect(differs(1, undefined)).toBe(true)
  expect(differs(2, { tags: {} })).toBe(false)
  // An old version that is answered once more is C2's already, or C9's.
  expect(differs(1, { tags: ['a'], at: 5 })).toBe(false)
  expect(differs(null, 'anything')).toBe(false)
})

test('where the app ends, that is the reason, and not the connection that it took with it', async () => {
  const reset = () => Promise.reject(new Error('read ECONNRESET'))
  const ended = new Promise<string>((resolve) => setTimeout(resolve, 20, 'the app ended with exit code 7'))
  await expect(orItsEnd({ ended }, reset())).rejects.toMatchObject({
    reason: 'died',
    what: 'the app ended with exit code 7',
  })
  await expect(orItsEnd({ ended: new Promise<string>(() => undefined) }, reset())).rejects.toThrow(
    'read ECONNRESET',
  )
})
