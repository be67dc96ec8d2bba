import { describe, expect, test } from 'vitest'
import { baselineGates, checkBaseline } from '../../../src/ops/load/baseline.js'
import { judge } from '../../../src/ops/load/judge.js'
import type { LoadRun } from '../../../src/ops/load/load-run.js'
import { parseSlo } from '../../../src/ops/load/slo/parse.js'
import { UsageError } from '../../../src/ops/report/errors.js'
import type { LoadReport } from '../../../src/ops/report/load-report.js'
import { runOf, TIMES, type Op } from './runs.js'

const allowance = { factor: 1.3, floorMs: 5 }

function reportOf(run: LoadRun): LoadReport {
  return {
    schema: 'cache.load-test/1',
    command: 'load-test',
    subject: run.subject,
    fault: run.fault,
    seed: run.seed,
    ratePerSecond: run.ratePerSecond,
    plan: { beforeMs: 5000, duringMs: 5000, afterMs: 5000 },
    ...judge(run, [], { maxLatenessMs: 25 }),
    environment: run.environment,
  }
}

const baseline = reportOf(runOf())
const under = (change: Partial<Op> | ((op: Op) => Partial<Op>), every = 1) =>
  runOf((op, index) =>
    op.dueMs >= TIMES.faultAtMs && op.dueMs < TIMES.healAtMs && index % every === 0
      ? typeof change === 'function'
        ? change(op)
        : change
      : {},
  )
const missed = (run: LoadRun, then = baseline) => {
  const { phases, moments } = judge(run, [], { maxLatenessMs: 25 })
  return baselineGates(phases, moments, then, allowance)
    .filter(({ result }) => result !== 'pass')
    .map(({ slo, result, evidence }) => `${result} ${slo}: ${evidence}`)
}
const took = (ms: number) => under(({ dueMs }) => ({ endMs: dueMs + ms }))

describe('what may be worse, and what not', () => {
  test('the same again is no worse, and every figure was looked at', () => {
    const gates = baselineGates(baseline.phases, baseline.moments, baseline, allowance)
    expect(gates.every(({ result, from }) => result === 'pass' && from === 'baseline')).toBe(true)
    expect(gates.map(({ slo }) => slo)).toEqual([
      ...['before', 'during', 'after'].flatMap((phase) => {
        const [time, hits, reads] = phase === 'during' ? ['9.001ms', '-5%', '260'] : ['6ms', '69.23%', '26']
        return [
          `${phase}.p50 <= ${time}`,
          `${phase}.p95 <= ${time}`,
          `${phase}.p99 <= ${time}`,
          `${phase}.error_rate <= 0.1%`,
          `${phase}.hit_rate >= ${hits === '-5%' ? '0%' : hits}`,
          `${phase}.db_qps <= ${reads}`,
        ]
      }),
      'after.recover <= 500ms',
    ])
  })

  test('each can be read as the SLO that it is', () => {
    for (const { slo } of baselineGates(baseline.phases, baseline.moments, baseline, allowance)) {
      expect(() => parseSlo(slo)).not.toThrow()
    }
  })

  test.each<[what: string, run: LoadRun, missed: string[]]>([
    ['5 ms more, as the floor allows', took(8.9), []],
    [
      'and a little more',
      took(9.1),
      ['p50', 'p95', 'p99'].map(
        (label) => `fail during.${label} <= 9.001ms: got 9.1 ms, then 4 ms, limit 9 ms`,
      ),
    ],
    ['one error of a thousand', under({ error: true }, 1000), []],
    [
      'two errors of a thousand',
      under({ error: true }, 500),
      ['fail during.error_rate <= 0.1%: got 0.2 %, then 0 %, limit 0.1 %'],
    ],
    [
      'answers that never came',
      under({ endMs: null }, 50),
      ['fail during.p99 <= 9.001ms: got never, then 4 ms, limit 9 ms'],
    ],
    [
      'a cache that is cold after it',
      runOf(({ dueMs }) => (dueMs >= TIMES.healAtMs ? { from: 'load' } : {})),
      [
        'fail after.hit_rate >= 69.23%: got 0 %, then 90 %, limit 69.2 %',
        'fail after.db_qps <= 26: got 200, then 20, limit 26',
        'fail after.recover <= 500ms: got never, then 0 ms, limit 500 ms',
      ],
    ],
  ])('%s', (_what, run, expected) => {
    expect(missed(run)).toEqual(expected)
  })

  test('the factor, where it allows more than the floor', () => {
    const slow = reportOf(took(100))
    expect(missed(took(129), slow)).toEqual([])
    expect(missed(took(131), slow).map((each) => each.split(' <=')[0])).toEqual([
      'fail during.p50',
      'fail during.p95',
      'fail during.p99',
    ])
  })

  test('what one of them had too few operations for, or could not see, is left out', () => {
    const blind = runOf(undefined, { hitsUnseen: true, loadsUnseen: true })
    const few = runOf(({ dueMs }) => (dueMs % 50 === 0 ? {} : null))
    const names = (run: LoadRun) => {
      const { phases, moments } = judge(run, [], { maxLatenessMs: 25 })
      return baselineGates(phases, moments, baseline, allowance).map(({ slo }) => slo.split(' ')[0])
    }
    expect(names(blind).join()).not.toMatch(/hit_rate|db_qps/)
    expect(names(few).join()).not.toMatch(/p95|p99/)
    expect(names(few)).toContain('during.p50')
  })

  test('nothing to look at is no pass', () => {
    expect(baselineGates([], undefined, baseline, allowance)).toMatchObject([{ result: 'not judged' }])
  })
})

test('what is worse than the baseline fails the run, and nothing is said of one that is not sound', () => {
  const judged = (run: LoadRun) =>
    judge(run, [], { maxLatenessMs: 5, baseline: { report: baseline, allowance } })
  expect(judged(runOf()).verdict).toBe('pass')
  expect(judged(took(200)).verdict).toBe('fail')
  expect(judged({ ...took(200), lost: 'it was killed' })).toMatchObject({ verdict: 'inconclusive', slos: [] })
})

describe('a baseline that cannot be one', () => {
  const plan = { fault: 'refused', ratePerSecond: 200, arrivals: 'constant', plan: baseline.plan }
  const errorOf = (change: object, from = baseline) => {
    try {
      checkBaseline({ ...plan, ...change }, from)
    } catch (error) {
      if (error instanceof UsageError) return error
      throw error
    }
    return null
  }
  test.each([
    [{}, null, []],
    [
      { fault: 'stall' },
      'The baseline was another test: its fault was refused, not stall.',
      ['--fault refused'],
    ],
    [
      { ratePerSecond: 50, arrivals: 'poisson' },
      'The baseline was another test: its rate was 200, not 50, its arrivals was constant, not poisson.',
      ['--rate 200', '--arrivals constant'],
    ],
    [
      { plan: { ...baseline.plan, duringMs: 30_000 } },
      'The baseline was another test: its during was 5.0 s, not 30.0 s.',
      ['--during 5.0s'],
    ],
  ])('%j', (change, message, flags) => {
    const error = errorOf(change)
    expect(error?.message ?? null).toBe(message)
    if (error) expect(error.suggestions).toEqual(['a baseline of this plan', ...flags])
  })

  test('one that concluded nothing', () => {
    expect(errorOf({}, { ...baseline, verdict: 'inconclusive' })?.code).toBe('BASELINE_INCONCLUSIVE')
    const died = { ...baseline, verdict: 'fail', reason: 'its process ended with exit code 1' } as const
    expect(errorOf({}, died)?.code).toBe('BASELINE_INCONCLUSIVE')
  })
})
