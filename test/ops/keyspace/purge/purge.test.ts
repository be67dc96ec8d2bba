import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { createOperatorClient, type OperatorClient } from '../../../../src/library/backends/operator.js'
import { OperatorError } from '../../../../src/library/backends/operator-error.js'
import { createTombstone } from '../../../../src/library/cache/tombstone.js'
import { allFamilies } from '../../../../src/library/families/families.js'
import { Ledger } from '../../../../src/ops/keyspace/purge/ledger.js'
import { lockLedger } from '../../../../src/ops/keyspace/purge/ledger-lock.js'
import { purge } from '../../../../src/ops/keyspace/purge/purge.js'
import { select } from '../../../../src/ops/keyspace/purge/request.js'
import { openServer } from '../../../../src/ops/keyspace/server.js'
import { until } from '../../../support/clients.js'
import { catalogue, ownServer } from '../servers.js'
import { CONVERSATIONS, purgeAt, restoreAt, scratch, someKeys } from './purging.js'

const redis = ownServer()
const directory = scratch()

/** The client, with another way to the server. */
const speakingBy = (
  client: OperatorClient,
  exchange: NonNullable<OperatorClient['exchange']>,
): OperatorClient => ({
  ...client,
  address: client.address,
  send: (...command) => client.send(...command),
  exchange,
})
const serverBy = (client: OperatorClient) => ({
  ...redis.server,
  nodes: [{ ...redis.server.nodes[0]!, client }],
})
const familyOf = (key: string) => catalogue.classify(Buffer.from(key, 'latin1'))?.id ?? 'orphans'
const ttlOf = async (key: string) => Number(await redis.server.client.send('PTTL', key))

describe('keys of all kinds', () => {
  beforeEach(async () => {
    await redis.server.client.send('FLUSHALL')
    await redis.fill(someKeys())
  })

  test.each(allFamilies.map(({ id }) => id))(
    '%s: what is purged equals the plan, and nothing else is touched',
    async (family) => {
      const before = await redis.keys()
      const { plan } = await purgeAt(redis, directory, { family, apply: false })
      expect(await redis.keys()).toEqual(before)
      // With an undo file and without.
      const undo = family !== 'auth.validation'
      const { result, error, verdict } = await purgeAt(redis, directory, { family, undo })
      expect([error, verdict]).toEqual([undefined, 'pass'])
      const survivors = new Set([...before].filter((key) => familyOf(key) !== family))
      expect(await redis.keys()).toEqual(survivors)
      expect(plan.keys).toBe(before.size - survivors.size)
      if (plan.keys > 0)
        expect(result).toMatchObject({ deleted: plan.keys, gone: 0, unknown: 0, complete: true })
    },
  )

  test('the plan tells keys that look alike, and its words hold no id', async () => {
    const { plan } = await purgeAt(redis, directory, { family: 'conv', apply: false })
    // `copilot:conv:`, `copilot:conv:a:b`, `copilot:conv:*:*`
    expect(plan).toMatchObject({
      keys: CONVERSATIONS,
      kinds: { conv: CONVERSATIONS },
      complete: true,
      lookAlikes: 3,
    })
    expect(plan.examples.length).toBe(3)
    for (const example of plan.examples) expect(example).toMatch(/^copilot:conv:[^:]{0,3}\*\*\*$/)
    expect(plan.effect).toContain('1,254 reads of the database')
  })

  test('--where no-ttl, and a parameter, whatever is in it', async () => {
    const bare = await purgeAt(redis, directory, { family: 'conv', where: ['no-ttl'] })
    expect(bare.plan.keys).toBe(30)
    expect(bare.result).toMatchObject({ deleted: 30, spared: 0 })
    expect([...(await redis.keys())].some((key) => key.includes('forever'))).toBe(false)
    for (const [value, key] of [
      ['*', 'copilot:conv:%2A'],
      ['a:b', 'copilot:conv:a%3Ab'],
      ['x'.repeat(500), allFamilies[1]!.pattern.build({ conversationId: 'x'.repeat(500) })],
    ] as const) {
      await redis.fill([['SET', key, 'x']])
      const before = await redis.keys()
      const { result } = await purgeAt(redis, directory, {
        family: 'conv',
        where: [`conversationId=${value}`],
      })
      const after = await redis.keys()
      const gone = [...before].filter((each) => !after.has(each))
      // `*` as a library would never write it is the same id, spelt otherwise.
      expect(gone.sort()).toEqual(value === '*' ? [key, 'copilot:conv:*'].sort() : [key])
      expect(result!.deleted).toBe(gone.length)
    }
  })

  test('--match reaches one kind; several must be named, and others that come meanwhile are left', async () => {
    const orphans = await purgeAt(redis, directory, { match: 'session:old:*' })
    expect(orphans.result).toMatchObject({ deleted: 170, complete: true })
    const before = await redis.keys()
    const match = 'copilot:conv:*'
    const looked = await purgeAt(redis, directory, { match, apply: false })
    expect(looked.plan.kinds).toEqual({ conv: CONVERSATIONS, orphans: 3 })
    expect(looked.apply).toContain(`--match 'copilot:conv:*' --across conv,orphans`)
    for (const across of [[], ['conv'], ['orphans', 'llm.policy']]) {
      await expect(purgeAt(redis, directory, { match, across })).rejects.toMatchObject({
        kind: 'safety',
        code: 'SEVERAL_KINDS',
      })
    }
    expect(await redis.keys()).toEqual(before)
    const { result } = await purgeAt(redis, directory, { match, across: ['conv', 'orphans'] })
    expect(result!.deleted).toBe(CONVERSATIONS + 3)
  })

  test('tombstones stay', async () => {
    const tombstone = createTombstone()
    await redis.fill([['SET', 'copilot:conv:deleted-just-now', tombstone, 'EX', 50]])
    const { result } = await purgeAt(redis, directory, { family: 'conv' })
    expect(result).toMatchObject({ deleted: CONVERSATIONS, tombstonesLeft: 1, complete: true })
    expect(await redis.server.client.send('GET', 'copilot:conv:deleted-just-now')).toBe(tombstone)
  })

  test('a fade lowers lifetimes evenly over the span, and raises none', async () => {
    const before = new Map<string, number>()
    for (const key of ['copilot:conv:c1', 'copilot:conv:long1', 'copilot:conv:forever1']) {
      before.set(key, await ttlOf(key))
    }
    const method = { kind: 'fade' as const, overMs: 56_000 }
    const { result, plan } = await purgeAt(redis, directory, { family: 'conv', method })
    expect(plan.extraReadsPerSecond).toBe(Math.ceil(CONVERSATIONS / 56))
    expect(result).toMatchObject({ deleted: 0, complete: true })
    expect(result!.faded + result!.expiring).toBe(CONVERSATIONS)
    expect(result!.expiring).toBeGreaterThan(100)
    const keys = [...(await redis.keys())].filter((key) => familyOf(key) === 'conv' && !/[^ -~]/.test(key))
    const ttls = (await redis.server.client.pipeline(keys.map((key) => ['PTTL', key]))) as number[]
    for (const ttl of ttls) expect(ttl).toBeLessThanOrEqual(56_000)
    const lowered = await Promise.all(
      Array.from({ length: 30 }, (_, index) => ttlOf(`copilot:conv:forever${index}`)),
    )
    // Thirty even numbers all lie in one half of the span once in 5 · 10⁸ times.
    expect(Math.min(...lowered)).toBeLessThan(28_000)
    expect(Math.max(...lowered)).toBeGreaterThan(26_000)
    const again = await purgeAt(redis, directory, { family: 'conv', method })
    expect(again.result).toMatchObject({ faded: 0 })
  })

  test('--max-rate bounds the keys per second, in small steps', async () => {
    const { result } = await purgeAt(redis, directory, {
      family: 'conv',
      where: ['no-ttl'],
      method: { kind: 'unlink', maxRate: 60 },
    })
    expect(result!.deleted).toBe(30)
    expect(result!.durationMs).toBeGreaterThan(450)
    expect(result!.restedMs).toBeGreaterThan(0)
  })

  test('an abort stops after the batch and says what was done; the same command and --resume go on', async () => {
    const stop = new AbortController()
    const before = (await redis.keys()).size
    const watcher = await createOperatorClient({ url: redis.named.url })
    const purging = purgeAt(
      redis,
      directory,
      { family: 'conv', method: { kind: 'unlink', maxRate: 5000 } },
      { signal: stop.signal },
    )
    await until('the first deletions', async () => Number(await watcher.send('DBSIZE')) < before)
    stop.abort()
    const { result, error, interrupted, ledger } = await purging
    watcher.close()
    expect([error, interrupted, result!.complete]).toEqual([undefined, true, false])
    expect(result!.deleted).toBeGreaterThan(0)
    expect((await redis.keys()).size).toBe(before - result!.deleted)
    const told: string[] = []
    const onWarning = (text: string) => told.push(text)
    await purgeAt(redis, directory, { family: 'conv', apply: false }, { onWarning })
    expect(told).toEqual([expect.stringContaining(`cache keys purge --resume ${ledger}`)])
    const rest = await purgeAt(redis, directory, { resume: ledger! })
    await purgeAt(redis, directory, { family: 'conv', apply: false }, { onWarning })
    expect(told.length).toBe(1)
    expect(rest.result).toMatchObject({ deleted: CONVERSATIONS - result!.deleted, complete: true })
    await expect(purgeAt(redis, directory, { resume: ledger! })).rejects.toMatchObject({
      code: 'ALREADY_DONE',
    })
  })

  test('a writer that races the purge loses nothing outside the family', async () => {
    const writer = await createOperatorClient({ url: redis.named.url })
    let writing = true
    const drafts = Array.from({ length: 500 }, (_, index) => `copilot:conv:${index}:draft`)
    const writes = (async () => {
      for (let round = 0; writing; round++) {
        await writer.pipeline(drafts.map((key) => ['SET', key, 'x'] as const))
        await writer.pipeline([['SET', `copilot:conv:late${round % 100}`, 'x']])
      }
    })()
    const { result } = await purgeAt(redis, directory, { family: 'conv' })
    writing = false
    await writes
    writer.close()
    expect(result).toMatchObject({ unknown: 0, moved: 0 })
    const keys = [...(await redis.keys())]
    expect(keys.filter((key) => key.endsWith(':draft')).length).toBe(drafts.length)
    expect(keys.filter((key) => familyOf(key) === 'auth.validation').length).toBe(500)
    // What was there when it began is gone; what came meanwhile may be either.
    expect(
      keys.filter((key) => familyOf(key) === 'conv').every((key) => key.startsWith('copilot:conv:late')),
    ).toBe(true)
  })

  test('more names than can be kept: they are looked for again', async () => {
    const selection = select({ family: 'conv', where: [] }, catalogue)
    const method = { kind: 'unlink' as const, overMs: null, maxRate: null }
    const target = { name: '', address: '', database: 0, fingerprint: '', runId: null }
    const header = { target, selection: selection.asked, method, kinds: ['conv'], planned: 0, undo: true }
    const ledger = await Ledger.begin(directory, header)
    const before = await redis.keys()
    const { result, error } = await purge(redis.server, {
      selection,
      method,
      ledger,
      kinds: ['conv'],
      names: new Map(),
      expected: 0,
      gentle: false,
    })
    expect(error).toBeNull()
    expect(result).toMatchObject({ deleted: CONVERSATIONS, complete: true })
    expect(await redis.keys()).toEqual(new Set([...before].filter((key) => familyOf(key) !== 'conv')))
  })

  test('another database is not touched', async () => {
    await redis.fill([
      ['SELECT', 1],
      ['SET', 'copilot:conv:elsewhere', 'x'],
      ['SELECT', 0],
    ])
    await purgeAt(redis, directory, { family: 'conv' })
    expect(String(await redis.server.client.send('INFO', 'keyspace'))).toMatch(/db1:keys=1,/)
    await redis.fill([['SELECT', 1], ['FLUSHDB'], ['SELECT', 0]])
  })
})

test('what users refuse: nothing half-done is reported as done', async () => {
  const { client } = redis.server
  await client.send('FLUSHALL')
  await redis.fill([['SET', 'copilot:conv:a', 'x']])
  await client.send('ACL', 'SETUSER', 'reader', 'on', '>pw', '~*', '+@all', '-unlink')
  const named = { ...redis.named, url: redis.named.url.replace('//', '//reader:pw@') }
  const server = await openServer(named)
  const { result, error, verdict, undo, ledger } = await purgeAt({ named, server }, directory, {
    family: 'conv',
  })
  server.close()
  expect([verdict, error]).toEqual(['inconclusive', expect.objectContaining({ code: 'REDIS_NOPERM' })])
  expect(result).toMatchObject({ deleted: 0, unknown: 0, complete: false })
  expect(result!.nodes[0]!.error).toMatchObject({ kind: 'environment', code: 'REDIS_NOPERM' })
  // The record of what was not deleted must not bring anything back, also when the key goes by itself.
  await client.send('DEL', 'copilot:conv:a')
  expect(undo).toContain('cache keys restore')
  expect((await restoreAt(redis, ledger!)).result).toMatchObject({ records: 0, restored: 0 })
})

test('a purge that still goes on is not resumed beside it', async () => {
  const stop = new AbortController()
  await redis.server.client.send('FLUSHALL')
  await redis.fill(someKeys())
  const ledgers = join(directory, 'two')
  let resume = ''
  const isBegun = async () => {
    const [name = ''] = await readdir(ledgers).catch(() => [])
    resume = join(ledgers, name)
    return (await readFile(join(resume, 'ledger.ndjson'), 'utf8').catch(() => '')) !== ''
  }
  const slowly = { family: 'conv', method: { kind: 'unlink' as const, maxRate: 100 } }
  const purging = purgeAt(redis, ledgers, slowly, { signal: stop.signal })
  await until('the ledger', isBegun)
  await expect(purgeAt(redis, '', { resume })).rejects.toMatchObject({
    kind: 'safety',
    code: 'LEDGER_IN_USE',
  })
  stop.abort()
  await purging
  await redis.fill(
    Array.from({ length: CONVERSATIONS }, (_, index) => ['SET', `copilot:conv:later${index}`, 'x']),
  )
  const grown = purgeAt(redis, '', { resume })
  await expect(grown).rejects.toMatchObject({ kind: 'safety', code: 'PURGE_GREW' })
  await purgeAt(redis, directory, { family: 'conv', undo: false })
  await redis.fill([['SET', 'copilot:conv:one', 'x']])
  expect((await purgeAt(redis, '', { resume })).result).toMatchObject({ deleted: 1, complete: true })
})

test.each(['selection', 'method', 'kinds', 'planned', 'undo'])(
  'a ledger that lost its %s is not gone on with: no default stands for what was asked',
  async (name) => {
    await redis.server.client.send('FLUSHALL')
    await redis.fill([['SET', 'copilot:conv:a', 'x']])
    const { ledger } = await purgeAt(redis, directory, { family: 'conv' })
    const file = join(ledger!, 'ledger.ndjson')
    const [begun] = (await readFile(file, 'utf8')).split('\n')
    await writeFile(file, `${JSON.stringify({ ...(JSON.parse(begun!) as object), [name]: undefined })}\n`)
    await redis.fill([['SET', 'copilot:conv:a', 'x']])
    await expect(purgeAt(redis, '', { resume: ledger! })).rejects.toMatchObject({ code: 'NO_LEDGER' })
    expect((await redis.keys()).size).toBe(1)
  },
)

test.runIf(process.platform === 'linux')(
  'a killed process that nobody collected holds no ledger',
  async () => {
    const parent = spawn('bash', ['-c', 'sleep 0 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [pid] = (await once(parent.stdout, 'data')) as [Buffer]
    const stat = `/proc/${Number(pid)}/stat`
    await until('a zombie', async () => (await readFile(stat, 'utf8')).includes(') Z '))
    await writeFile(join(directory, 'running'), `${Number(pid)} ${hostname()}`)
    const unlock = await lockLedger(directory)
    parent.kill()
    await expect(lockLedger(directory)).rejects.toMatchObject({ code: 'LEDGER_IN_USE' })
    await unlock()
  },
)

test('a key that is written between its reading and its end: what is written down is what was deleted', async () => {
  await redis.server.client.send('FLUSHALL')
  const keys = ['copilot:conv:quiet', 'copilot:conv:written-once', 'copilot:conv:written-always']
  await redis.fill(keys.map((key) => ['SET', key, 'first']))
  const writer = await createOperatorClient({ url: redis.named.url })
  const { client } = redis.server
  let attempts = 0
  const racing = speakingBy(client, async (payload, commands) => {
    if (payload.includes('MULTI')) {
      if (attempts++ === 0) await writer.send('SET', 'copilot:conv:written-once', 'second')
      if (payload.includes('written-always')) await writer.send('INCR', 'copilot:conv:written-always')
    }
    return client.exchange!(payload, commands)
  })
  await writer.send('SET', 'copilot:conv:written-always', '0')
  const server = serverBy(racing)
  const { result, verdict, ledger } = await purgeAt({ named: redis.named, server }, directory, {
    family: 'conv',
  })
  writer.close()
  expect(verdict).toBe('inconclusive')
  expect(result).toMatchObject({ deleted: 2, contended: 1, unknown: 0, complete: false })
  expect(await redis.keys()).toEqual(new Set(['copilot:conv:written-always']))
  expect((await restoreAt(redis, ledger!)).result).toMatchObject({ records: 2, restored: 2 })
  expect(await client.send('MGET', ...keys.slice(0, 2))).toEqual(['first', 'second'])
})

test('records are written down before the keys go, and stay when the answer is lost', async () => {
  await redis.server.client.send('FLUSHALL')
  await redis.fill([['SET', 'copilot:conv:a', 'x']])
  const { client } = redis.server
  const ledgers = join(directory, 'lost')
  let writtenBefore = ''
  const losing = speakingBy(client, async (payload, commands) => {
    const isEnd = payload.includes('MULTI')
    if (isEnd)
      writtenBefore = await readFile(join(ledgers, ...(await readdir(ledgers)), 'undo.ndjson'), 'utf8')
    const replies = await client.exchange!(payload, commands)
    if (isEnd) throw new OperatorError('PROTOCOL', 'garbled on the way')
    return replies
  })
  const { result, error, ledger } = await purgeAt({ named: redis.named, server: serverBy(losing) }, ledgers, {
    family: 'conv',
  })
  expect(writtenBefore.split('\n').length).toBe(3)
  expect(error).toMatchObject({ code: 'REDIS_PROTOCOL' })
  expect(result).toMatchObject({ deleted: 0, unknown: 1, complete: false })
  expect((await restoreAt(redis, ledger!)).result).toMatchObject({ restored: 1 })
})

test('a server that dies: what was sent without an answer is counted as unknown', async () => {
  await redis.server.client.send('FLUSHALL')
  await redis.fill(Array.from({ length: 500 }, (_, index) => ['SET', `copilot:conv:${index}`, 'x'] as const))
  // The second EXEC meets a frozen server.
  const client = await createOperatorClient({ url: redis.named.url, deadlineMs: 300 })
  let sent = 0
  const freezing = speakingBy(client, (payload, commands) => {
    if (payload.includes('MULTI') && ++sent === 2) redis.sandbox.redis.freeze()
    return client.exchange!(payload, commands)
  })
  const { named } = redis
  const { result, error } = await purgeAt({ named, server: serverBy(freezing) }, directory, {
    family: 'conv',
  })
  redis.sandbox.redis.thaw()
  expect(error).toMatchObject({ code: 'REDIS_TIMEOUT' })
  expect(result).toMatchObject({ deleted: 100, unknown: 125, complete: false })
})
