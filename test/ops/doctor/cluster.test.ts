import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRedisCluster, type RedisCluster } from '../../../src/ops/sandbox/redis-cluster.js'
import type { CheckStatus } from '../../../src/ops/report/doctor-report.js'
import { check, doctor } from './run.js'

let cluster: RedisCluster
let REDIS_URL: string
beforeAll(async () => {
  cluster = await startRedisCluster()
  REDIS_URL = cluster.masters[0]!.url
})
afterAll(() => cluster?.stop())

test('three primaries that share the keys are no Redis for a client that asks one of them', async () => {
  const ours = await doctor({ REDIS_URL }, { only: ['CLU-001'] })
  expect(check(ours, 'CLU-001')).toMatchObject({
    status: 'FAIL',
    message: /^state ok, 3 nodes; 3 share the keys, .*\(MOVED\)$/ as never,
  })
  const theirs = await doctor(
    { REDIS_URL },
    { only: ['CLU-001'], client: { library: 'ioredis@6', options: {} } },
  )
  expect(check(theirs, 'CLU-001')).toMatchObject({ status: 'ok', message: /; 3 share the keys, / as never })
})

test('a scratch key of another node is no broken check: of this node it says nothing', async () => {
  const seen = new Set<CheckStatus>()
  // Where a key belongs is chance: two of three runs meet another node.
  for (let run = 0; run < 30 && !(seen.has('ok') && seen.has('unknown')); run++) {
    const report = await doctor({ REDIS_URL }, { only: ['WRI-001', 'WRI-002'], probeWrites: true })
    for (const { status } of report.checks) seen.add(status)
  }
  expect([...seen].sort()).toEqual(['ok', 'unknown'])
})

test('a limiter whose key is elsewhere says so', async () => {
  for (let run = 0; run < 30; run++) {
    const report = await doctor({ REDIS_URL }, { only: ['LIM-001'], probeWrites: true })
    const { status, message } = check(report, 'LIM-001')
    if (status === 'ok') continue
    expect(message).toMatch(/were not counted, because their keys belong to another node of the cluster/)
    return
  }
  expect.unreachable('all keys of 30 runs belonged to one node of three')
})
