import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { KeysInCodeReport } from '../../../src/ops/report/keys-in-code-report.js'
import { cacheHere } from '../../support/here.js'
import { ownServer } from '../keyspace/servers.js'

const redis = ownServer()
const cwd = mkdtempSync(join(tmpdir(), 'cache-keys-live-'))
afterAll(() => rmSync(cwd, { recursive: true }))
writeFileSync(
  join(cwd, 'a.ts'),
  `import Redis from 'ioredis'
const redis = new Redis()
export const a = (id: string) => redis.set('copilot:conv:' + id, 'x', 'EX', 60)
export const b = (id: string) => redis.set('other:' + id, 'x', 'EX', 60)
`,
)

const live = (url: string) =>
  cacheHere(['audit', '--keys', '--live', '--json', cwd], { env: { REDIS_URL: url } })

test('--live: what Redis holds beside the code, without the name of a key', async () => {
  await redis.fill([
    ['SET', 'copilot:conv:1', 'x', 'EX', 50],
    ['SET', 'copilot:llm:policy:secret-tenant', 'x'],
    ['SET', 'old:secret-1', 'x'],
    ['SET', 'old:secret-2', 'x'],
  ])
  const { code, stdout } = await live(redis.named.url)
  const report = JSON.parse(stdout) as KeysInCodeReport
  expect(code).toBe(0)
  expect(report.patterns.map(({ pattern, seen }) => [pattern, seen])).toEqual([
    ['copilot:conv:*', true],
    ['other:*', false],
  ])
  expect(report.live?.unwritten.map(({ family, keys }) => [family, keys])).toEqual([
    ['llm.policy', 1],
    [null, 2],
  ])
  expect(report.families.find(({ family }) => family === 'llm.policy')?.live?.withoutTtl).toBe(1)
  expect(stdout).not.toContain('secret')
})

test('--live: a server that cannot be reached proves nothing', async () => {
  expect((await live('redis://127.0.0.1:1')).code).toBe(3)
})
