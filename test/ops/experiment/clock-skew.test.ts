import { existsSync, readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { clockFrontWith } from '../../../src/ops/experiment/fronts/clock.js'
import { findFaketime } from '../../../src/ops/experiment/fronts/find-faketime.js'
import type { Closing } from '../../../src/ops/experiment/fronts/closing.js'
import { openBackend } from '../../../src/ops/experiment/fronts/backend.js'
import { moduleInFlags } from '../../../src/ops/experiment/subjects/module/module-in-flags.js'
import { clockSkew } from '../../../src/ops/faults/clock-skew.js'
import type { ClockDoor } from '../../../src/ops/faults/doors/clock-door.js'
import type { DrillReport } from '../../../src/ops/report/drill-report.js'
import { ask } from '../../../src/ops/sandbox/ask.js'
import { startSandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../sandbox/until.js'
import { oneDrill } from './one-drill.js'

// With libfaketime and without: where it is not installed, what must hold is that the drill says so.
const library = findFaketime()

const short = { seed: 1, ratePerSecond: 60, beforeMs: 800, duringMs: 3500, afterMs: 1500 }
const results = ({ clauses }: DrillReport) =>
  Object.fromEntries(clauses.map(({ id, result }) => [id, result]))

describe('a clock that is wrong', { timeout: 60_000 }, () => {
  const closing: Closing = []
  afterEach(async () => {
    for (let close = closing.pop(); close; close = closing.pop()) await close()
  })

  async function door(faketime: string | null): Promise<ClockDoor> {
    const { redis, watchdog, stop } = await startSandbox()
    closing.push(stop)
    const backend = await openBackend('resp', { server: redis }, closing)
    return (await clockFrontWith(faketime)(backend, watchdog, closing)).door as ClockDoor
  }
  const ping = ({ host, port }: ClockDoor) => ask({ host, port, deadlineMs: 3000 }, ['PING'])

  test.skipIf(library === null)('is seen by a process that goes by it, and lifted for good', async () => {
    const wrong = await door(library)
    await clockSkew.lift(wrong)
    const before = wrong.counts()
    await clockSkew.apply(wrong)
    await ping(wrong)
    await until('ahead', () => wrong.counts().jumpsAhead === 1)
    await until('behind', () => wrong.counts().jumpsBehind === 1)
    const atHeal = wrong.counts()
    await clockSkew.lift(wrong)
    await clockSkew.lift(wrong)
    expect(clockSkew.witness(before, atHeal)).toEqual({
      witnessed: true,
      evidence:
        "beside the server's, its clock was 90 s ahead 1 time and 90 s behind 1 time; 14 bytes went to the server meanwhile",
      counts: { jumpsAhead: 1, jumpsBehind: 1, bytesToServer: 14 },
    })
    // Lifted at once, it does not come back by itself.
    await clockSkew.apply(wrong)
    await clockSkew.lift(wrong)
    await sleep(1600)
    expect(wrong.counts().jumpsBehind).toBe(1)
  })

  test('that cannot be moved is not witnessed, and the evidence says what is missing', async () => {
    const fixed = await door(null)
    const before = fixed.counts()
    await clockSkew.apply(fixed)
    await ping(fixed)
    await clockSkew.lift(fixed)
    expect(clockSkew.witness(before, fixed.counts())).toMatchObject({
      witnessed: false,
      evidence: expect.stringContaining('apt-get install -y faketime') as string,
    })
  })
})

test('a library that is not there is not found', () => {
  expect(findFaketime(['/nowhere', import.meta.dirname])).toBeNull()
})

test.concurrent('the library keeps its promises', { timeout: 60_000 }, async () => {
  const report = await oneDrill({ ...short, subject: 'library', drills: ['clock-skew'] })
  if (library === null) return expectSkipped(report)
  expect(report.reason).toBeUndefined()
  expect(report.witness.counts).toMatchObject({ jumpsAhead: 1, jumpsBehind: 1 })
  for (const id of ['C1', 'C2', 'C4', 'C9', 'C11']) expect(results(report)).toMatchObject({ [id]: 'pass' })
  // Of processes that run, other tests may have some.
  const left = readdirSync('/dev/shm').flatMap((name) => /faketime_\w+_(\d+)$/.exec(name)?.[1] ?? [])
  expect(left.filter((pid) => !existsSync(`/proc/${pid}`))).toEqual([])
})

test.concurrent('a limiter by its own clock allows too many', { timeout: 60_000 }, async () => {
  const module = moduleInFlags(
    'test/ops/experiment/modules/fixtures/own-clock-limiter.mjs',
    { limit: '5/1s' },
    {},
  )
  const report = await oneDrill({ ...short, module, drills: ['clock-skew'] })
  if (library === null) return expectSkipped(report)
  const limit = report.clauses.find(({ id }) => id === 'C4')
  expect(limit).toMatchObject({ result: 'fail' })
  expect(limit?.finding?.happened).toMatch(/allowed \d+ requests within 1(\.0)? s in `during`/)
})

function expectSkipped(report: DrillReport): void {
  expect(report).toMatchObject({ verdict: 'inconclusive', witness: { witnessed: false } })
  expect(report.reason).toContain('apt-get install -y faketime')
}
