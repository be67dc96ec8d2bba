import { describe, expect, test } from 'vitest'
import { loadTest } from '../../../src/ops/load/load-test.js'
import type { LoadEvent, LoadOptions } from '../../../src/ops/load/options.js'
import { traffic } from './traffic.js'

const SHORT: LoadOptions = {
  ...traffic(),
  beforeMs: 500,
  duringMs: 600,
  afterMs: 500,
  transitionMs: 200,
  fault: 'stall',
  subject: 'library',
  slos: ['during.errors == 0'],
  repeat: 1,
  quorum: 1,
  abortIf: [],
  // Time is not the subject here.
  maxLatenessMs: 10_000,
}

test.each<[Partial<LoadOptions>, string]>([
  [{ fault: 'stal' }, 'UNKNOWN_FAULT'],
  [{ subject: 'libary' }, 'UNKNOWN_SUBJECT'],
  [{ fault: 'upstash-429' }, 'DOES_NOT_FIT'],
  [{ ratePerSecond: 30_000 }, 'RATE_TOO_HIGH'],
  [{ slos: ['during.p98 < 1s'] }, 'UNKNOWN_METRIC'],
  [{ abortIf: ['5xx > 2%'] }, 'BAD_STOP_CONDITION'],
])('%j is refused before anything is started', async (more, code) => {
  const events: LoadEvent[] = []
  await expect(loadTest({ ...SHORT, ...more, onEvent: (event) => events.push(event) })).rejects.toMatchObject(
    {
      kind: 'usage',
      code,
    },
  )
  expect(events).toEqual([])
})

// They wait most of their time.
describe.concurrent('on servers of our own', () => {
  test('it runs as often as asked for, each time anew, and says so', async () => {
    const phases: unknown[] = []
    const report = await loadTest({
      ...SHORT,
      repeat: 2,
      quorum: 2,
      onEvent: (event) => event.type === 'phase' && phases.push([event.run, event.of, event.phase]),
    })
    expect(phases).toEqual(
      [1, 2].flatMap((run) => ['warm-up', 'before', 'during', 'after'].map((phase) => [run, 2, phase])),
    )
    expect(report.repeat).toMatchObject({ times: 2, quorum: 2 })
    expect(report.slos).toMatchObject([{ result: 'pass', runs: { pass: 2, fail: 0, notJudged: 0 } }])
    const [first, second] = report.repeat!.runs
    expect(report.phases.map(({ sent }) => sent)).toEqual(
      first!.phases.map(({ sent }, index) => sent + second!.phases[index]!.sent),
    )
  })

  test('what is worse than the baseline is missed, and a baseline of another test is refused', async () => {
    const plain = { ...SHORT, slos: [], fault: 'none' }
    const report = await loadTest(plain)
    const fast = { ...report, phases: report.phases.map((phase) => ({ ...phase, sourcePerSecond: -1000 })) }
    // Whatever this machine does beside it; of the source each phase asks more than that.
    const baseline = { report: fast, allowance: { factor: 1000, floorMs: 10_000 } }
    const worse = await loadTest({ ...plain, baseline })
    expect(worse.verdict).toBe('fail')
    const missed = worse.slos.filter(({ result }) => result === 'fail')
    expect(missed.map(({ slo, from }) => [slo.split(' ')[0], from])).toEqual(
      ['before', 'during', 'after'].map((phase) => [`${phase}.db_qps`, 'baseline']),
    )
    await expect(loadTest({ ...plain, fault: 'stall', baseline })).rejects.toMatchObject({
      code: 'BASELINE_DIFFERS',
    })
  })

  test('a stop condition ends everything, however often it was to run', async () => {
    const report = await loadTest({
      ...SHORT,
      subject: 'naive-ioredis6',
      duringMs: 600_000,
      repeat: 3,
      quorum: 2,
      abortIf: ['pending > 20'],
    })
    expect(report).toMatchObject({
      verdict: 'inconclusive',
      stoppedBy: expect.stringContaining('pending > 20 was met'),
      error: { kind: 'safety', code: 'STOP_CONDITION' },
    })
    expect(report.interrupted).toBeUndefined()
  })
})

test('interrupted before anything was there, it reports that', async () => {
  const signal = AbortSignal.abort()
  const report = await loadTest({ ...SHORT, signal })
  expect(report).toMatchObject({ verdict: 'inconclusive', interrupted: true, phases: [] })
  expect(report.environment.server).toBe('none')
})
