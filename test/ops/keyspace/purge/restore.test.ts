import { randomBytes } from 'node:crypto'
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Command } from '../../../../src/library/backends/operator.js'
import { lengthenBatch } from '../../../../src/ops/keyspace/purge/lengthen.js'
import type { UndoRecord } from '../../../../src/ops/keyspace/purge/undo-record.js'
import { openServer } from '../../../../src/ops/keyspace/server.js'
import { UndoReader } from '../../../../src/ops/keyspace/purge/undo-reader.js'
import { hostileConversations, ownServer } from '../servers.js'
import { purgeAt, restoreAt, scratch } from './purging.js'

const redis = ownServer()
const directory = scratch()
beforeEach(() => redis.server.client.send('FLUSHALL'))

const everyType: Command[] = [
  ['SET', 'copilot:conv:string', Buffer.from([0, 255, 10, 13])],
  ['SET', 'copilot:conv:number', '42', 'EX', 100],
  ['RPUSH', 'copilot:conv:list', 'a', 'b', 'a'],
  ['EXPIRE', 'copilot:conv:list', 200],
  ['SADD', 'copilot:conv:set', 'x', 'y'],
  ['ZADD', 'copilot:conv:zset', 1.5, 'one', -2, 'two'],
  ['PEXPIRE', 'copilot:conv:zset', 30_000],
  ['HSET', 'copilot:conv:hash', 'f', 'v', 'g', 'w'],
  ['XADD', 'copilot:conv:stream', '1-1', 'field', 'value'],
  ['PFADD', 'copilot:conv:hyperloglog', 'a', 'b'],
  ['SETBIT', 'copilot:conv:bits', 77, 1],
  ...hostileConversations.map((key): Command => ['SET', key, key, 'EX', 58]),
]

/** Everything that is there, by its bytes, and when it expires; of sets the members, whose order is by chance. */
async function contents(): Promise<Map<string, { value: string; expiresAt: number | null }>> {
  const { client } = redis.server
  const keys = (await client.sendBytes('KEYS', '*')) as Buffer[]
  const replies = await client.pipelineBytes(
    keys.flatMap((key): Command[] => [
      ['DUMP', key],
      ['PEXPIRETIME', key],
    ]),
  )
  const sets = await client.pipeline(keys.map((key) => ['SMEMBERS', key]))
  const members = sets.map((reply) =>
    reply instanceof Error ? null : [...(reply as Iterable<string>)].sort().join(),
  )
  return new Map(
    keys.map((key, index) => {
      const expiresAt = replies[index * 2 + 1] as number
      const value = members[index] ?? (replies[index * 2] as Buffer).toString('base64')
      return [key.toString('base64'), { value, expiresAt: expiresAt === -1 ? null : expiresAt }]
    }),
  )
}

describe('what is restored is what was purged', () => {
  test('of every type, with the lifetime left', async () => {
    await redis.fill(everyType)
    const before = await contents()
    const { result, ledger } = await purgeAt(redis, directory, { family: 'conv' })
    expect(result!.deleted).toBe(before.size)
    expect(await contents()).toEqual(new Map())
    expect((await restoreAt(redis, ledger!, { dryRun: true })).result).toMatchObject({
      restored: before.size,
    })
    expect(await contents()).toEqual(new Map())
    const { result: restored, error } = await restoreAt(redis, ledger!)
    expect(error).toBeNull()
    expect(restored).toMatchObject({ restored: before.size, complete: true, kinds: { conv: before.size } })
    const after = await contents()
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort())
    for (const [key, { value, expiresAt }] of before) {
      expect(after.get(key)!.value).toBe(value)
      if (expiresAt === null) expect(after.get(key)!.expiresAt).toBeNull()
      else expect(Math.abs(after.get(key)!.expiresAt! - expiresAt)).toBeLessThan(1000)
    }
  })

  test('what would have expired by now stays away', async () => {
    await redis.fill([
      ['SET', 'copilot:conv:brief', 'x', 'PX', 300],
      ['SET', 'copilot:conv:long', 'x', 'EX', 50],
    ])
    const { ledger } = await purgeAt(redis, directory, { family: 'conv' })
    await new Promise((resolve) => setTimeout(resolve, 350))
    expect((await restoreAt(redis, ledger!)).result).toMatchObject({
      restored: 1,
      expired: 1,
      complete: true,
    })
  })

  test('what is there again is left alone, unless told otherwise', async () => {
    await redis.fill([
      ['SET', 'copilot:conv:a', 'old'],
      ['SET', 'copilot:conv:b', 'old'],
    ])
    const { ledger } = await purgeAt(redis, directory, { family: 'conv' })
    await redis.fill([['SET', 'copilot:conv:a', 'new']])
    expect((await restoreAt(redis, ledger!)).result).toMatchObject({
      restored: 1,
      present: 1,
      complete: true,
    })
    expect(await redis.server.client.send('MGET', 'copilot:conv:a', 'copilot:conv:b')).toEqual(['new', 'old'])
    const over = await restoreAt(redis, ledger!, { overwrite: true })
    expect(over.result).toMatchObject({ restored: 2, present: 0 })
    expect(await redis.server.client.send('GET', 'copilot:conv:a')).toBe('old')
  })

  test('of keys that a user may not restore, and others behind them: what was restored counts', async () => {
    const { client } = redis.server
    await redis.fill(['mine1', 'other', 'mine2'].map((id) => ['SET', `copilot:conv:${id}`, 'x']))
    const { ledger } = await purgeAt(redis, directory, { family: 'conv' })
    await client.send('ACL', 'SETUSER', 'some', 'on', '>pw', '~copilot:conv:mine*', '+@all')
    const named = { ...redis.named, url: redis.named.url.replace('//', '//some:pw@') }
    const server = await openServer(named)
    const { result, error } = await restoreAt({ named, server }, ledger!)
    server.close()
    expect(error).toMatchObject({ code: 'REDIS_NOPERM' })
    expect(result).toMatchObject({ records: 3, restored: 2, complete: false })
    expect(await client.send('DBSIZE')).toBe(2)
  })

  test('a fade is taken back while the keys are there, but not what was written since', async () => {
    await redis.fill([
      ['SET', 'copilot:conv:forever', 'x'],
      ['SET', 'copilot:conv:long', 'x', 'EX', 5000],
      ['SET', 'copilot:conv:rewritten', 'x', 'EX', 5000],
    ])
    const method = { kind: 'fade' as const, overMs: 60_000 }
    const { result, ledger } = await purgeAt(redis, directory, { family: 'conv', method })
    expect(result!.faded).toBe(3)
    await redis.fill([['SET', 'copilot:conv:rewritten', 'y', 'EX', 9]])
    expect((await restoreAt(redis, ledger!)).result).toMatchObject({ restored: 0, lengthened: 2, present: 1 })
    const ttl = (key: string) => redis.server.client.send('TTL', `copilot:conv:${key}`)
    expect(await ttl('forever')).toBe(-1)
    expect(await ttl('long')).toBeGreaterThan(4900)
    expect(await ttl('rewritten')).toBeLessThan(10)
  })

  test('a faded collection that was only read gets its lifetime back, though its dump has another order by now', async () => {
    const members = Array.from({ length: 1030 }, (_, index) => `m${index}`)
    await redis.fill([
      ['SADD', 'copilot:conv:read', ...members],
      ['SADD', 'copilot:conv:expiry-set', ...members],
    ])
    const method = { kind: 'fade' as const, overMs: 60_000 }
    const { ledger } = await purgeAt(redis, directory, { family: 'conv', method })
    await redis.fill([
      ...members.map((member): Command => ['SISMEMBER', 'copilot:conv:read', member]),
      ['SADD', 'copilot:conv:expiry-set', 'another'],
      ['EXPIRE', 'copilot:conv:expiry-set', 70],
    ])
    expect((await restoreAt(redis, ledger!)).result).toMatchObject({ lengthened: 1, present: 1 })
    expect(await redis.server.client.send('TTL', 'copilot:conv:read')).toBe(-1)
    expect(await redis.server.client.send('TTL', 'copilot:conv:expiry-set')).toBeLessThanOrEqual(70)
  })

  test('large values go a few at a time', async () => {
    // What DUMP cannot compress.
    const values = Array.from({ length: 8 }, () => randomBytes(1_000_000))
    const key = (index: number) => `copilot:conv:large${index}`
    await redis.fill(values.map((value, index): Command => ['SET', key(index), value]))
    const { result, ledger } = await purgeAt(redis, directory, { family: 'conv' })
    expect(result).toMatchObject({ deleted: 8, complete: true })
    const lines = (await readFile(join(ledger!, 'undo.ndjson'), 'utf8')).trim().split('\n').slice(1)
    const batches = lines.map((line) => (JSON.parse(line) as { batch: number }).batch)
    expect(new Set(batches).size).toBeGreaterThanOrEqual(2)
    expect((await restoreAt(redis, ledger!)).result).toMatchObject({ restored: 8, complete: true })
    for (const [index, value] of values.entries()) {
      const restored = (await redis.server.client.sendBytes('GET', key(index))) as Buffer
      expect(restored.equals(value)).toBe(true)
    }
  })

  test('a faded key that expires just when its turn comes is brought back like the others', async () => {
    await redis.fill([['SET', 'copilot:conv:a', 'x', 'EX', 5000]])
    const method = { kind: 'fade' as const, overMs: 60_000 }
    const { ledger } = await purgeAt(redis, directory, { family: 'conv', method })
    const undo = await UndoReader.open(join(ledger!, 'undo.ndjson'))
    const { value: record } = await undo.records().next()
    await undo.close()
    await redis.server.client.send('DEL', 'copilot:conv:a')
    expect(await lengthenBatch(redis.server.client, [record as UndoRecord])).toEqual({
      lengthened: 0,
      restored: 1,
    })
    expect(await redis.server.client.send('TTL', 'copilot:conv:a')).toBeGreaterThan(4900)
  })
})

describe('the undo file', () => {
  const undoOf = (ledger: string | null) => join(ledger!, 'undo.ndjson')

  test('is for the eyes of its owner, and so is what lies beside it', async () => {
    await redis.fill([['SET', 'copilot:conv:a', 'secret']])
    const { ledger } = await purgeAt(redis, directory, { family: 'conv' })
    expect((await stat(undoOf(ledger))).mode & 0o777).toBe(0o600)
    expect((await stat(ledger!)).mode & 0o777).toBe(0o700)
    const lines = await readFile(join(ledger!, 'ledger.ndjson'), 'utf8')
    expect(lines).not.toMatch(/conv:a|secret/)
    expect(await readFile(join(ledger!, '.gitignore'), 'utf8')).toContain('*')
  })

  test('the last state of a key counts, a line cut off by a crash does not', async () => {
    await redis.fill([['SET', 'copilot:conv:a', 'first']])
    const { ledger } = await purgeAt(redis, directory, { family: 'conv' })
    const [header, record] = (await readFile(undoOf(ledger), 'utf8')).split('\n')
    await redis.fill([['SET', 'copilot:conv:a', 'second']])
    const again = await purgeAt(redis, directory, { family: 'conv' })
    const [, later] = (await readFile(undoOf(again.ledger), 'utf8')).split('\n')
    await writeFile(undoOf(ledger), [header, record, later, later!.slice(0, 40)].join('\n'))
    expect((await restoreAt(redis, ledger!)).result).toMatchObject({ records: 1, restored: 1 })
    expect(await redis.server.client.send('GET', 'copilot:conv:a')).toBe('second')
  })

  test('a damaged value is refused by the server and counted, a damaged line is an error', async () => {
    await redis.fill([
      ['SET', 'copilot:conv:a', 'x'],
      ['SET', 'copilot:conv:b', 'x'],
    ])
    const { ledger } = await purgeAt(redis, directory, { family: 'conv' })
    const file = await readFile(undoOf(ledger), 'utf8')
    const [header, first, second] = file.split('\n')
    const bad = { ...(JSON.parse(first!) as object), value: Buffer.from('nonsense').toString('base64') }
    await writeFile(undoOf(ledger), [header, JSON.stringify(bad), second, ''].join('\n'))
    const { result, error } = await restoreAt(redis, ledger!)
    expect(error).toBeNull()
    expect(result).toMatchObject({ restored: 1, refused: 1, complete: false })
    expect(result.refusal).toMatch(/payload/)
    await writeFile(undoOf(ledger), [header, first, '{"nothing":1}', second, ''].join('\n'))
    expect((await restoreAt(redis, ledger!)).error).toMatchObject({ kind: 'usage', code: 'NO_UNDO_FILE' })
    const { method: _method, ...withoutMethod } = JSON.parse(header!) as { method: unknown }
    await writeFile(undoOf(ledger), `${JSON.stringify(withoutMethod)}\n`)
    await expect(restoreAt(redis, ledger!)).rejects.toMatchObject({ code: 'NO_UNDO_FILE' })
    await writeFile(undoOf(ledger), '{}\n')
    await expect(restoreAt(redis, ledger!)).rejects.toMatchObject({ code: 'NO_UNDO_FILE' })
    await appendFile(undoOf(ledger), file)
  })

  test('that cannot be written stops the purge before anything is deleted', async () => {
    await redis.fill([['SET', 'copilot:conv:a', 'x']])
    await expect(purgeAt(redis, '/dev/null/ledgers', { family: 'conv' })).rejects.toMatchObject({
      kind: 'environment',
      code: 'LEDGER_NOT_WRITTEN',
    })
    expect(await redis.server.client.send('EXISTS', 'copilot:conv:a')).toBe(1)
  })
})
