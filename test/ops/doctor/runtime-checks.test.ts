import { expect, test } from 'vitest'
import { judgeRuntime, runtimeVersionsCheck } from '../../../src/ops/doctor/checks/runtime-versions.js'
import type { JudgedClient } from '../../../src/ops/doctor/judged-client.js'
import type { CheckStatus } from '../../../src/ops/report/doctor-report.js'
import { check, doctor } from './run.js'
import { seen } from './seen.js'

const now = Date.parse('2026-11-27')
const { threshold } = runtimeVersionsCheck

test.each<[node: string, thresholds: object, status: CheckStatus, says: RegExp]>([
  ['22.21.1', {}, 'ok', /^doctor runs on Node 22\.21\.1, which gets fixes until 2027-04-30$/],
  ['22.21.1', { warn: 365 }, 'warn', /until 2027-04-30$/],
  ['20.20.2', {}, 'warn', /gets fixes no more, since 2026-04-30$/],
  ['20.20.2', { warn: -365 }, 'ok', /no more/],
  ['20.20.2', { fail: -100 }, 'FAIL', /no more/],
  ['12.0.0', {}, 'warn', /no more, since 2025-04-30$/],
  ['99.0.0', {}, 'skip', /newer than what is known here$/],
])('ENV-002: Node %s with %j is %s', (node, thresholds, status, says) => {
  // Which Node the tests run on is not theirs to choose.
  const found = seen('ENV-002', judgeRuntime({ node, now, client: null }, { ...threshold, ...thresholds }))
  expect(found).toMatchObject({ status, message: expect.stringMatching(says) as string })
  expect(found.remediation?.text ?? '').toMatch(status === 'warn' || status === 'FAIL' ? /^Move/ : /^$/)
})

test.each<
  [state: string, client: Pick<JudgedClient, 'library' | 'assumed' | 'options'>, status: CheckStatus]
>([
  ['ioredis 6 as it comes', { library: 'ioredis@6', assumed: false, options: {} }, 'warn'],
  ['a strategy of its own', { library: 'ioredis@6', assumed: false, options: { retryDelayMs: 250 } }, 'ok'],
  ['nobody declared it', { library: 'ioredis@6', assumed: true, options: {} }, 'ok'],
  ['ioredis 5', { library: 'ioredis@5', assumed: false, options: {} }, 'ok'],
])('ENV-002: %s: %s', (_state, client, status) => {
  expect(judgeRuntime({ node: '24.0.0', now, client }, threshold).status).toBe(status)
})

test('ENV-002: in a whole run, on the Node of this process and with the declared client', async () => {
  const client = { library: 'ioredis@6', options: {} } as const
  const report = await doctor({ REDIS_URL: 'redis://127.0.0.1:1' }, { only: ['ENV-002'], client })
  const { status, message } = check(report, 'ENV-002')
  expect(status).toBe('warn')
  expect(message).toMatch(/^ioredis 6 with its default retryStrategy/)
  expect(message).toContain(`Node ${process.versions.node}`)
})
