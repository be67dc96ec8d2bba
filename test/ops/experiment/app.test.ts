import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readProbesFile } from '../../../src/ops/config/probes/probes-file.js'
import { parseProbe } from '../../../src/ops/config/probes/parse-probe.js'
import type { AppSpec } from '../../../src/ops/experiment/app/app.js'
import { freePort } from '../../../src/ops/sandbox/free-port.js'
import { simulateOutage, type OutageOptions } from '../../../src/ops/outage/simulate-outage.js'
import type { ClauseId, DrillReport } from '../../../src/ops/report/drill-report.js'
import { isGone, readPids } from './left-behind.js'
import { oneDrill } from './one-drill.js'

const APPS = join(import.meta.dirname, 'apps')

/** What the app behind a fixture's name is asked, on a port of its own. */
async function appOf(
  name: string,
  env: Record<string, string> = {},
  more: Partial<AppSpec> = {},
): Promise<AppSpec> {
  const port = String(await freePort())
  return {
    command: [process.execPath, join(APPS, `${name}.mjs`)],
    readyUrl: `http://127.0.0.1:${port}/health`,
    probes: [parseProbe('GET /session expect 200 body contains "u1"')],
    env: { PATH: process.env['PATH'], PORT: port, ...env },
    ...more,
  }
}

const SHORT = { ratePerSecond: 120, beforeMs: 1000, duringMs: 1200, afterMs: 1200 }

/** What is at stake is not how fast a machine is that other tests keep busy. */
const PATIENT = { budgets: { p99: 4000, worst: 5000 } }

const drill = async (
  fault: string,
  app: AppSpec,
  options: Partial<OutageOptions> = {},
): Promise<DrillReport> => oneDrill({ seed: 1, app, ...SHORT, ...options, drills: [fault] })

const resultOf = ({ clauses }: DrillReport, id: ClauseId) => clauses.find((each) => each.id === id)

describe.concurrent('an app that is started for it', () => {
  test('keeps every promise that can be seen, reads, revocations and limits included', async () => {
    const { probes, ...declared } = readProbesFile(join(APPS, 'good.probes.yaml'))
    const report = await drill('stall', await appOf('good', {}, { probes, declared }), PATIENT)
    expect(report.clauses.filter(({ result }) => result === 'fail')).toEqual([])
    for (const id of ['C1', 'C2', 'C3', 'C4', 'C6', 'C9', 'C11'] as const)
      expect(resultOf(report, id)).toMatchObject({ id, result: 'pass' })
    expect(resultOf(report, 'C5')?.evidence).toContain('cannot be called from outside')
    expect(report.verdict).toBe('pass')
  })

  test('does not, with a client at its defaults', async () => {
    const report = await drill('stall', await appOf('naive', { COUNTS: '1' }))
    expect([report.verdict, report.reason]).toEqual(['fail', undefined])
    expect(resultOf(report, 'C3')).toMatchObject({ result: 'fail' })
    expect(resultOf(report, 'C3')?.finding?.happened).toMatch(
      /computed for ioredis@\d+\.\d+\.\d+ \(as it introduced itself\), if its options are the defaults: never \(neither .*, measured: /,
    )
    expect(resultOf(report, 'C11')?.evidence).toMatch(/never expire: sessions \(1\)/)
  })

  test('is found behind the REST door of Upstash, too', async () => {
    const env = { UPSTASH_REDIS_REST_URL: 'https://real.upstash.io', UPSTASH_REDIS_REST_TOKEN: 'secret' }
    const report = await drill('upstash-500', await appOf('good', env), PATIENT)
    expect(report).toMatchObject({ verdict: 'pass', witness: { witnessed: true } })
  })

  test('is seen from its database, too, where that is the embedded Supabase', async () => {
    const probes = [parseProbe('GET /policies expect 200 body contains "policies"')]
    const env = { SUPABASE_URL: 'https://real.supabase.co', SUPABASE_SERVICE_ROLE_KEY: 'secret' }
    // The server itself is killed, which an app stands as well as a closed port.
    const report = await drill('sigkill', await appOf('good', env, { probes }), PATIENT)
    expect(report.reason).toBeUndefined()
    expect(resultOf(report, 'C1')).toMatchObject({ result: 'pass' })
    expect(resultOf(report, 'C7')?.evidence).toMatch(/of the source for \d+ reads of callers/)
  })

  test('that dies of the fault has failed', async () => {
    const report = await drill('refused', await appOf('fatal'))
    expect(report.verdict).toBe('fail')
    const { result, evidence } = resultOf(report, 'C6') ?? {}
    expect(result).toBe('fail')
    expect(evidence).toMatch(/exit code 7; the last it printed: Error: lost Redis, giving up/)
  })
})

describe.concurrent('inconclusive is', () => {
  test('an app that does not read REDIS_URL, with the variable that it reads', async () => {
    const report = await drill('stall', await appOf('deaf'))
    expect(report.verdict).toBe('inconclusive')
    expect(report.reason).toMatch(/never connected to Redis through the door that REDIS_URL points to/)
    expect(report.reason).toMatch(
      /CACHE_STORE_REDIS_URL \(.*deaf\.mjs:4\).*--redis-variable CACHE_STORE_REDIS_URL$/,
    )
  })

  test('and is none, once the app is told so', async () => {
    const redisVariables = ['CACHE_STORE_REDIS_URL']
    const report = await drill('stall', await appOf('deaf', { TOUCH: '1' }, { redisVariables }))
    expect(report).toMatchObject({ witness: { witnessed: true } })
  })

  test('a fault that is lifted at once', async () => {
    const report = await drill('stall', await appOf('naive'), { duringMs: 500, ratePerSecond: 500 })
    expect(report).toMatchObject({ verdict: 'inconclusive', witness: { witnessed: false } })
    expect(report.reason).toBe(
      'a fault that is lifted after 500 ms is over before a client has noticed it: --during 1s or more',
    )
  })

  test('a rate too low for p99, with one that is not', async () => {
    const report = await drill('stall', await appOf('naive'), { ratePerSecond: 5, beforeMs: 5000 })
    expect(report.verdict).toBe('inconclusive')
    expect(report.reason).toBe(
      'p99 needs 100 answers in each phase, but 5/s for the 1.2 s of `during` are 6: --rate 84, or phases of 20 s at 5/s',
    )
  })

  test('an app that never becomes ready, with what it last said', async () => {
    const report = await drill('stall', await appOf('never-ready', {}, { readyWithinMs: 1000 }))
    expect(report.verdict).toBe('inconclusive')
    expect(report.reason).toMatch(
      /not ready within 1\.0 s: http:\S+ answered 503; the last it printed: waiting for migrations\. See/,
    )
  })

  test('an app that dies before anything is wrong', async () => {
    const report = await drill('stall', await appOf('fatal', { DIE_AFTER: '30' }))
    expect(report.verdict).toBe('inconclusive')
    expect(report.reason).toMatch(/^before anything was wrong, the app .* exit code 9; .*panic: out of luck$/)
  })

  test('a probe that is not answered as expected', async () => {
    const probes = [parseProbe('GET /nowhere expect 200')]
    const report = await drill('stall', await appOf('naive', {}, { probes }))
    expect(report.reason).toContain('with nothing wrong: GET /nowhere answered 404, expected 200')
  })
})

test('a gigabyte of output costs us nothing, and what an app has started ends with it', async () => {
  const pids = join(mkdtempSync(join(tmpdir(), 'cache-app-')), 'pids')
  const before = process.memoryUsage.rss()
  const app = await appOf('loud', { PRINT_BYTES: '1e9', PIDS: pids })
  const report = (await simulateOutage({ drills: ['stall'], seed: 1, app, ...SHORT }))
    .drills[0] as DrillReport
  expect(process.memoryUsage.rss() - before).toBeLessThan(300e6)
  expect(report.witness.evidence).toMatch(/connection/)
  for (const pid of readPids(pids).pids) expect(isGone(pid)).toBe(true)
})

test('a generator that is starved by a busy loop proves nothing', async () => {
  const busy = setInterval(() => {
    const end = performance.now() + 250
    while (performance.now() < end);
  }, 300)
  const { drills } = await simulateOutage({ drills: ['stall'], seed: 1, app: await appOf('naive'), ...SHORT })
  clearInterval(busy)
  expect(drills[0]?.verdict).toBe('inconclusive')
  expect(drills[0]?.reason).toMatch(/own event loop was kept busy: this machine could not hold the rate/)
})
