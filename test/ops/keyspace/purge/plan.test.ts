import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { PlanFile } from '../../../../src/ops/keyspace/purge/plan-file.js'
import { identifyTarget } from '../../../../src/ops/config/target-guard.js'
import { openServer } from '../../../../src/ops/keyspace/server.js'
import { ownServer } from '../servers.js'
import { CONVERSATIONS, purgeAt, scratch, someKeys } from './purging.js'

const redis = ownServer()
const directory = scratch()
let count = 0
let file: string

const more = (keys: number) =>
  redis.fill(Array.from({ length: keys }, (_, index) => ['SET', `copilot:conv:more${index}`, 'x'] as const))
const applyPlan = (maxDrift = 0.1) => purgeAt(redis, directory, { planFrom: file }, { maxDrift })

describe('a plan that was written down', () => {
  beforeEach(async () => {
    file = join(directory, `plan-${count++}.json`)
    await redis.server.client.send('FLUSHALL')
    await redis.fill(someKeys())
  })

  test('is for review, changes nothing, and is then carried out as it stands', async () => {
    const before = await redis.keys()
    const method = { kind: 'fade' as const, overMs: 5000, maxRate: 100_000 }
    const made = await purgeAt(redis, directory, { family: 'conv', where: ['no-ttl'], method, planTo: file })
    expect(made).toMatchObject({ mode: 'plan', planFile: file, result: null, verdict: 'pass' })
    expect(await redis.keys()).toEqual(before)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const text = await readFile(file, 'utf8')
    expect(JSON.parse(text)).toMatchObject({
      schema: 'cache.purge-plan/1',
      selection: { family: 'conv', where: ['no-ttl'] },
      method: { kind: 'fade', overMs: 5000, maxRate: 100_000 },
      plan: { keys: 30 },
      target: { fingerprint: redis.named.target.fingerprint, runId: redis.server.facts.runId },
    })
    expect(text).not.toMatch(/forever\d/)
    const { result, selection } = await applyPlan()
    expect(selection.where).toEqual(['no-ttl'])
    expect(result).toMatchObject({ faded: 30, complete: true })
  })

  test('is not written over', async () => {
    await writeFile(file, 'mine')
    await expect(purgeAt(redis, directory, { family: 'conv', planTo: file })).rejects.toMatchObject({
      kind: 'usage',
      code: 'PLAN_EXISTS',
    })
    expect(await readFile(file, 'utf8')).toBe('mine')
  })

  test('allows a declared drift of the count, and no more', async () => {
    await purgeAt(redis, directory, { family: 'conv', planTo: file })
    await more(100)
    await expect(applyPlan(0.05)).rejects.toMatchObject({
      kind: 'safety',
      code: 'PLAN_DRIFTED',
      message: 'The plan counted 1,254 keys and there are 1,354: 8 % more or fewer, and 5 % are allowed.',
    })
    expect((await redis.keys()).size).toBeGreaterThan(CONVERSATIONS)
    expect((await applyPlan(0.1)).result).toMatchObject({ deleted: CONVERSATIONS + 100, complete: true })
  })

  test('refuses a kind of key that was not there', async () => {
    await purgeAt(redis, directory, { match: 'session:old:*', planTo: file })
    await purgeAt(redis, directory, { match: 'copilot:conv:c*', planTo: `${file}.conv` })
    await redis.fill([['SET', 'copilot:conv:c1:draft', 'x']])
    file = `${file}.conv`
    await expect(applyPlan()).rejects.toMatchObject({ kind: 'safety', code: 'SEVERAL_KINDS' })
  })

  test('refuses to be carried out when somebody changed it', async () => {
    await purgeAt(redis, directory, { match: 'session:old:*', planTo: file })
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('session:old:*', 'copilot:*'))
    await expect(applyPlan()).rejects.toMatchObject({ kind: 'safety', code: 'PLAN_CHANGED' })
    await writeFile(file, text.slice(0, 100))
    await expect(applyPlan()).rejects.toMatchObject({ kind: 'usage', code: 'NO_PLAN' })
    await writeFile(file, '{}')
    await expect(applyPlan()).rejects.toMatchObject({ kind: 'usage', code: 'NO_PLAN' })
  })

  test('refuses another database, and another process at the same address', async () => {
    const before = await redis.keys()
    await purgeAt(redis, directory, { family: 'conv', planTo: file })
    const url = `${redis.named.url}/1`
    const named = { url, target: identifyTarget({ url, environments: {} }) }
    const other = await openServer(named)
    await expect(purgeAt({ named, server: other }, directory, { planFrom: file })).rejects.toMatchObject({
      kind: 'safety',
      code: 'OTHER_TARGET',
    })
    other.close()
    const { digest: _digest, ...plan } = JSON.parse(await readFile(file, 'utf8')) as PlanFile
    expect(plan.target.runId).toMatch(/^[0-9a-f]{40}$/)
    const restarted = {
      ...redis.server,
      facts: { ...redis.server.facts, runId: '0'.repeat(40) },
    }
    await expect(
      purgeAt({ named: redis.named, server: restarted }, directory, { planFrom: file }),
    ).rejects.toMatchObject({ kind: 'safety', code: 'TARGET_CHANGED' })
    expect(await redis.keys()).toEqual(before)
  })
})

describe('what is refused before anything is sent', () => {
  test.each([
    [{}, 'NOTHING_SELECTED'],
    [{ family: 'conf' }, 'UNKNOWN_FAMILY'],
    [{ family: '*' }, 'UNKNOWN_FAMILY'],
    [{ family: '' }, 'UNKNOWN_FAMILY'],
    [{ family: 'conv', match: 'a*' }, 'CONFLICTING_FLAGS'],
    [{ match: '' }, 'BROAD_GLOB'],
    [{ match: '*' }, 'BROAD_GLOB'],
    [{ match: '**' }, 'BROAD_GLOB'],
    [{ match: '?opilot:conv:a' }, 'BROAD_GLOB'],
    [{ match: '[c]opilot:*' }, 'BROAD_GLOB'],
    [{ match: 'a*', where: ['tenantId=x'] }, 'BAD_WHERE'],
    [{ family: 'conv', where: ['tenantId=x'] }, 'BAD_WHERE'],
    [{ family: 'conv', where: ['conversationId='] }, 'BAD_WHERE'],
    [{ family: 'conv', where: ['conversationId=a', 'conversationId=b'] }, 'BAD_WHERE'],
    [{ family: 'conv', where: ['no-tll'] }, 'BAD_WHERE'],
    [{ family: 'conv', method: { kind: 'unlink' as const, overMs: 1000 } }, 'CONFLICTING_FLAGS'],
    [{ family: 'conv', apply: true, planTo: 'f' }, 'CONFLICTING_FLAGS'],
    [{ family: 'conv', planFrom: 'f' }, 'CONFLICTING_FLAGS'],
    [{ planFrom: '/nowhere' }, 'NO_PLAN'],
    [{ resume: '/nowhere' }, 'NO_LEDGER'],
  ])('%j: %s', async (input, code) => {
    await expect(purgeAt(redis, directory, input)).rejects.toMatchObject({ kind: 'usage', code })
  })

  test.each([undefined, '', 'redis', 'REDIS-PROD', 'yes'])(
    'a wrong name of the target: %j',
    async (confirm) => {
      await expect(purgeAt(redis, directory, { family: 'conv', confirm })).rejects.toMatchObject({
        kind: 'safety',
        code: 'NOT_CONFIRMED',
        suggestions: expect.arrayContaining([
          expect.stringMatching(/^cache keys purge conv .*--apply --confirm 127\.0\.0\.1:\d+$/),
        ]) as unknown,
      })
    },
  )
})
