import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PurgeReport } from '../../../../src/ops/report/purge-report.js'
import type { RestoreReport } from '../../../../src/ops/report/restore-report.js'
import { cache as runCache, type RunOptions } from '../../../support/cache.js'
import { cacheHere } from '../../../support/here.js'
import { until } from '../../../support/clients.js'
import { ownServer } from '../servers.js'
import { scratch } from './purging.js'

const redis = ownServer()
let name: string
const directory = scratch()

beforeAll(() => {
  name = redis.named.target.name
})

/** Against the server of this file, in a directory of its own. */
const cache = (args: readonly string[], { env, ...options }: RunOptions = {}) =>
  runCache(['keys', ...args], { cwd: directory, env: { REDIS_URL: redis.named.url, ...env }, ...options })
/** A command line that was printed, as somebody who pastes it. */
const paste = (line: string) =>
  cache(
    line
      .replace(/^cache keys /, '')
      .replaceAll("'", '')
      .split(' '),
  )
const jsonOf = <T>(run: { stdout: string }) => JSON.parse(run.stdout) as T
const plain = (text: string) =>
  text
    .replaceAll(name, 'HOST:PORT')
    .replace(/fingerprint \w+/, 'fingerprint F')
    .replace(/run [0-9a-f]{8}/, 'run R')
    .replace(/begun \S+/, 'begun AT')
    .replace(/in [\d.]+ m?s/, 'in T')
    .replace(/answered in .*/, 'answered in T')
    .replaceAll(/\d{4}-\d\d-\d\dT[\w-]+/g, 'ID')

describe('a small database', () => {
  beforeEach(async () => {
    await redis.server.client.send('FLUSHALL')
    await redis.fill([
      ['SET', 'copilot:conv:conversation-1', '{"a":1}', 'EX', 50],
      ['SET', 'copilot:conv:conversation-2', '{"a":1}'],
      ['SET', 'copilot:conv:a:b', 'x'],
      ['SET', 'copilot:ratelimit:api:user-4711', 'x', 'EX', 500],
    ])
  })

  test('a dry run changes nothing and prints the command that does it', async () => {
    const before = await redis.keys()
    const run = await cache(['purge', 'conv'])
    expect([run.code, run.stderr.includes('warn')]).toEqual([0, false])
    expect(plain(run.stdout)).toMatchInlineSnapshot(`
      "target   HOST:PORT, db 0, Redis 7.0.15, master, counts as production,
               fingerprint F, run R
      family   conv (copilot:conv:{conversationId})
      matches  2 keys, 176 B
      sample   copilot:conv:con***, copilot:conv:con***
      effect   at worst 2 reads of the database at once, as the keys are asked for
               again; --method fade or --max-rate spreads them
      method   UNLINK of exact names; what stands there goes to an undo file first
      left     1 key with a similar name that is not meant: never touched

      dry run  nothing was changed. To do it:
               cache keys purge conv --apply --confirm HOST:PORT
      "
    `)
    for (const line of run.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(await redis.keys()).toEqual(before)
  })

  test('--apply without the name: exit 4 with the exact command, which works; so does the one that undoes it', async () => {
    const before = await redis.keys()
    const [text, json] = await Promise.all([
      cache(['purge', 'conv', '--apply', '--gentle']),
      cache(['purge', 'conv', '--apply', '--json']),
    ])
    expect([text.code, json.code, text.stdout]).toEqual([4, 4, ''])
    expect(jsonOf<PurgeReport>(json).error).toMatchObject({ kind: 'safety', code: 'NOT_CONFIRMED' })
    expect(await redis.keys()).toEqual(before)

    const command = /^Try: (cache keys purge .*)$/m.exec(text.stderr)![1]!
    expect(command).toBe(`cache keys purge conv --apply --gentle --confirm ${name}`)
    const applied = await paste(command)
    expect(applied.code).toBe(0)
    expect(plain(applied.stdout.slice(applied.stdout.indexOf('ok ')))).toMatchInlineSnapshot(`
      "ok       2 keys deleted in T
      server   answered in T
      ledger   .cache/purges/ID
      undo     cache keys restore .cache/purges/ID/undo.ndjson --apply --confirm HOST:PORT
      "
    `)
    expect((await redis.keys()).size).toBe(2)

    const undo = /^undo {5}(cache keys restore .*)$/m.exec(applied.stdout)![1]!
    const looked = await paste(undo.replace(/ --apply.*/, ''))
    expect([looked.code, (await redis.keys()).size]).toEqual([0, 2])
    expect(plain(looked.stdout)).toMatchInlineSnapshot(`
      "target   HOST:PORT, db 0, Redis 7.0.15, master, counts as production,
               fingerprint F
      file     .cache/purges/ID/undo.ndjson
      purge    ID, begun AT
      holds    2 keys (conv 2)
      method   RESTORE, with the lifetime left; a key that is there again is left
               alone

      dry run  2 keys would be restored. Nothing was changed. To do it:
               cache keys restore .cache/purges/ID/undo.ndjson --apply --confirm HOST:PORT
      "
    `)
    const unconfirmed = await paste(undo.replace(/ --confirm.*/, ''))
    expect([unconfirmed.code, (await redis.keys()).size]).toEqual([4, 2])
    const restored = await paste(`${undo} --json`)
    expect(restored.code).toBe(0)
    expect(jsonOf<RestoreReport>(restored)).toMatchObject({
      schema: 'cache.keys-restore/1',
      mode: 'apply',
      result: { restored: 2, complete: true },
      warnings: [expect.stringContaining('what was revoked since')],
    })
    expect(await redis.keys()).toEqual(before)
    expect(applied.stdout + looked.stdout + restored.stdout).not.toContain('conversation-1')
  })

  test('a plan, its review, and its execution', async () => {
    const made = await cache(['purge', 'ratelimit', '--plan', 'plan.json'])
    expect(made.code).toBe(0)
    expect(made.stderr).toMatch(/^warn .*rate limiters: everybody who is being limited \(1 window\)/m)
    const next = /^ {9}(cache keys purge --apply-plan .*)$/m.exec(made.stdout)![1]!
    await redis.fill([['SET', 'copilot:ratelimit:api:user-4712', 'x', 'EX', 500]])
    const drifted = await paste(next)
    expect([drifted.code, drifted.stderr]).toEqual([
      4,
      expect.stringContaining('counted 1 key and there are 2'),
    ])
    const done = await paste(`${next} --max-drift 100 --json`)
    expect(done.code).toBe(0)
    expect(jsonOf<PurgeReport>(done)).toMatchObject({
      planFile: 'plan.json',
      result: { deleted: 2, complete: true },
    })
  })

  test('where the project says that it is not production no name is needed', async () => {
    const config = join(directory, 'cache.config.json')
    writeFileSync(config, JSON.stringify({ environments: { local: { hosts: [name], production: false } } }))
    const run = await cache(['purge', 'conv', '--apply', '--no-undo', '--json'])
    writeFileSync(config, '{}')
    expect(run.code).toBe(0)
    expect(jsonOf<PurgeReport>(run)).toMatchObject({
      verdict: 'pass',
      target: { name: 'local', production: false },
      plan: { keys: 2, lookAlikes: 1 },
      result: { deleted: 2, complete: true },
      undo: null,
    })
  })

  test('a replica: looked at, but not purged', async () => {
    const before = await redis.keys()
    await redis.server.client.send('CONFIG', 'SET', 'replica-read-only', 'yes')
    await redis.server.client.send('REPLICAOF', '127.0.0.1', '1')
    try {
      const [dry, applied] = await Promise.all([
        cache(['purge', 'conv']),
        cache(['purge', 'conv', '--apply', '--confirm', name]),
      ])
      expect([dry.code, applied.code]).toEqual([0, 3])
      expect(applied.stderr).toContain('is a replica: nothing can be changed there')
    } finally {
      await redis.server.client.send('REPLICAOF', 'NO', 'ONE')
    }
    expect(await redis.keys()).toEqual(before)
  })
})

test.each([
  [['purge', 'conf'], 'UNKNOWN_FAMILY', 'cache keys purge conv'],
  [['purge', 'conv', '--across', 'conv'], 'BAD_USAGE', undefined],
  [['purge', 'conv', '--over', '5'], 'BAD_FLAG_VALUE', undefined],
  [['restore', '/nowhere/undo.ndjson'], 'NO_UNDO_FILE', undefined],
])('%j exits 2', async (args, code, suggestion) => {
  const run = await cacheHere(['keys', ...args, '--json'], { env: { REDIS_URL: redis.named.url } })
  expect(run.code).toBe(2)
  const { error } = jsonOf<PurgeReport>(run)
  expect(error).toMatchObject({ kind: 'usage', code })
  if (suggestion) expect(error!.suggestions).toContain(suggestion)
})

describe('an end in the middle', () => {
  const KEYS = 1500
  const keyOf = (index: number) => `copilot:conv:c${index}`
  const RATE = ['--max-rate', '3000']

  beforeEach(async () => {
    rmSync(join(directory, '.cache'), { recursive: true, force: true })
    await redis.server.client.send('FLUSHALL')
    await redis.fill(
      Array.from({ length: KEYS }, (_, index) => ['SET', keyOf(index), String(index)] as const),
    )
  })

  const onlyLedger = () => join('.cache/purges', ...readdirSync(join(directory, '.cache/purges')))
  /** For `onStderr`: sends the signal as soon as the first keys have gone. */
  const whenKeysGo = (signal: NodeJS.Signals): RunOptions['onStderr'] => {
    let watched = false
    return (_text, kill) => {
      if (watched) return
      watched = true
      const isBegun = async () => Number(await redis.server.client.send('DBSIZE')) < KEYS
      void until('the first keys to go', isBegun).then(() => kill(signal))
    }
  }
  const undoLines = () =>
    readFileSync(join(directory, onlyLedger(), 'undo.ndjson'), 'utf8').split('\n').length - 2

  test('Ctrl-C stops after the batch, says what was done and how it goes on', async () => {
    const args = ['purge', 'conv', '--apply', ...RATE, '--confirm', name]
    const run = await cache(args, { onStderr: whenKeysGo('SIGINT') })
    expect(run.code).toBe(130)
    expect(run.stderr).toContain('SIGINT: stopping after this batch; what is done stays done')
    const deleted = Number(
      /^partial {2}stopped: ([\d,]+) keys? deleted/m.exec(run.stdout)![1]!.replaceAll(',', ''),
    )
    expect((await redis.keys()).size).toBe(KEYS - deleted)
    expect(deleted).toBeGreaterThan(0)
    const next = /^go on {4}(cache keys purge --resume .*)$/m.exec(run.stdout)![1]!
    const rest = await paste(`${next} --json`)
    expect(rest.code).toBe(0)
    expect(jsonOf<PurgeReport>(rest).result).toMatchObject({ deleted: KEYS - deleted, complete: true })
    expect(undoLines()).toBe(KEYS)
  })

  test('a full disk: nothing goes that is not written down, and the undo file holds nothing else', async () => {
    const node = [
      process.execPath,
      resolve('bin/run.js'),
      'keys',
      'purge',
      'conv',
      '--apply',
      '--confirm',
      name,
    ]
    // A file that must not grow beyond 64 KiB fails as one on a full disk does.
    const run = spawnSync('bash', ['-c', 'trap "" XFSZ; ulimit -f 64; exec "$@"', 'bash', ...node], {
      cwd: directory,
      env: { ...process.env, REDIS_URL: redis.named.url },
      encoding: 'utf8',
    })
    expect([run.status, run.stderr]).toEqual([3, expect.stringContaining('undo.ndjson cannot be written')])
    const left = (await redis.keys()).size
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(KEYS)
    expect(undoLines()).toBe(KEYS - left)
    const text = readFileSync(join(directory, onlyLedger(), 'undo.ndjson'), 'utf8')
    expect(text.endsWith('}\n')).toBe(true)
  })

  test('kill -9: every key that is gone is in the undo file; resumed, it is done; restored, all is back', async () => {
    const run = await cache(['purge', 'conv', '--apply', ...RATE, '--confirm', name], {
      onStderr: whenKeysGo('SIGKILL'),
    })
    expect(run.code).toBeNull()
    const left = (await redis.keys()).size
    expect(left).toBeLessThan(KEYS)
    expect(left).toBeGreaterThan(0)
    expect(undoLines()).toBeGreaterThanOrEqual(KEYS - left)
    const resumed = await cache(['purge', '--resume', onlyLedger(), '--confirm', name, '--json'])
    expect(resumed.code).toBe(0)
    expect(jsonOf<PurgeReport>(resumed).result).toMatchObject({ deleted: left, complete: true })
    expect((await redis.keys()).size).toBe(0)
    const back = await cache([
      'restore',
      join(onlyLedger(), 'undo.ndjson'),
      '--apply',
      '--confirm',
      name,
      '--json',
    ])
    expect(jsonOf<RestoreReport>(back).result).toMatchObject({
      records: KEYS,
      restored: KEYS,
      complete: true,
    })
    const values = await redis.server.client.send(
      'MGET',
      ...Array.from({ length: KEYS }, (_, index) => keyOf(index)),
    )
    expect(values).toEqual(Array.from({ length: KEYS }, (_, index) => String(index)))
  })
})
