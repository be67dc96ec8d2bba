import type { CheckRecord, LimiterDeclaration } from '../../../src/ops/experiment/limiting.js'
import type { Measurement } from '../../../src/ops/experiment/measurement.js'
import type { ClauseRow } from './clause-row.js'
import { goodMeasurement, limitingOf } from './measurements.js'

const good = goodMeasurement()
const { limiting: _, ...withoutLimiter } = good

function checked(
  change: (check: CheckRecord, duringFault: boolean) => Partial<CheckRecord>,
  overrides: Partial<Measurement> = {},
): Measurement {
  const limiting = limitingOf(good.faultAtMs, good.healAtMs, good.endMs)
  const checks = limiting.checks.map((check) => {
    const duringFault = check.startMs >= good.faultAtMs && check.startMs < good.healAtMs
    return { ...check, ...change(check, duringFault) }
  })
  return { ...good, limiting: { ...limiting, checks }, ...overrides }
}

type Change = Parameters<typeof checked>[0]

const row = (when: string, change: Change, result: ClauseRow['result'], says?: RegExp): ClauseRow => ({
  clause: 'C4',
  when,
  measurement: checked(change),
  result,
  ...(says ? { says } : {}),
})

/** Under a fault in which no count can be found: everything is counted and allowed, and more than that is changed. */
const lost = (when: string, change: Change, result: ClauseRow['result'], says: RegExp): ClauseRow => ({
  clause: 'C4',
  when: `the data is lost and ${when}`,
  measurement: checked(
    (check, fault) => ({ ...(fault ? { counted: true, allowed: true } : {}), ...change(check, fault) }),
    { dataLost: true },
  ),
  result,
  says,
})

/** The same checks of limiters that are declared otherwise. */
function limitedTo(limit: Partial<LimiterDeclaration>, measurement: Measurement = good): Measurement {
  const { limiters, checks } = measurement.limiting!
  return { ...measurement, limiting: { limiters: limiters.map((each) => ({ ...each, ...limit })), checks } }
}

const declared = (
  when: string,
  limit: Partial<LimiterDeclaration>,
  result: ClauseRow['result'],
  says: RegExp,
): ClauseRow => ({ clause: 'C4', when, measurement: limitedTo(limit), result, says })

export const limiterRows: ClauseRow[] = [
  row(
    'both policies are kept',
    () => ({}),
    'pass',
    /api \(allow\) counted at most 5 of 5 in 500 ms.*120 of 120/,
  ),
  row(
    'the open one is open without a word',
    (_, fault) => (fault ? { counted: true } : {}),
    'fail',
    /api allowed \d+ requests within 500 ms in `during`.*told nobody/,
  ),
  row(
    'the closed one is open',
    (_, fault) => (fault ? { allowed: true } : {}),
    'fail',
    /login is declared 'deny', but allowed 60 of 60/,
  ),
  row(
    'the open one is closed',
    (_, fault) => (fault ? { allowed: false } : {}),
    'fail',
    /api is declared 'allow', but denied 60 of 60/,
  ),
  row(
    'one more than the limit before',
    ({ startMs }) => (startMs === 250 ? { allowed: true } : {}),
    'fail',
    /allowed 6 requests within 500 ms in `before`/,
  ),
  row(
    'one more than the limit after',
    ({ startMs }) => (startMs === 7250 ? { allowed: true } : {}),
    'fail',
    /in `after`/,
  ),
  row(
    'one more, but nobody knows in which window',
    ({ startMs }) => (startMs === 250 ? { allowed: true, endMs: 760 } : {}),
    'pass',
  ),
  row(
    'one throws',
    ({ startMs }) => (startMs === 2000 ? { error: 'Error: OOM', allowed: null } : {}),
    'fail',
    /threw at their caller: Error: OOM/,
  ),
  row(
    'one is never answered',
    ({ startMs }) => (startMs === 2000 ? { endMs: null, allowed: null } : {}),
    'fail',
    /within 1\.0 s, 1 of them never/,
  ),
  row(
    'one takes too long',
    ({ startMs }) => (startMs === 2000 ? { endMs: 3001 } : {}),
    'fail',
    /within 1\.0 s\./,
  ),
  row(
    'it never counts again',
    ({ startMs, limiter }) => (startMs >= 4000 ? { counted: false, allowed: limiter === 'api' } : {}),
    'fail',
    /still left \d+ of 20 checks/,
  ),
  row(
    'it counts again within the budget',
    ({ startMs, limiter }) =>
      startMs >= 4000 && startMs < 8900 ? { counted: false, allowed: limiter === 'api' } : {},
    'pass',
  ),
  row(
    'it allows nothing any more',
    ({ startMs }) => (startMs >= 4000 ? { allowed: false } : {}),
    'fail',
    /allowed nothing at all/,
  ),
  lost(
    'nothing is counted in the fault',
    () => ({}),
    'not judged',
    /cannot find its counts.*api \(allow\) counted at most 10 of 5.*kept: the limit before and after/,
  ),
  lost(
    'the limit does not hold before',
    ({ startMs }) => (startMs === 250 ? { allowed: true } : {}),
    'fail',
    /allowed 6 requests within 500 ms in `before`/,
  ),
  lost(
    'the limit does not hold after',
    ({ startMs }) => (startMs === 7250 ? { allowed: true } : {}),
    'fail',
    /in `after`/,
  ),
  lost(
    'the last checks before are decided in the fault',
    ({ startMs }) => (startMs === 900 || startMs === 950 ? { allowed: true, endMs: 1001 } : {}),
    'not judged',
    /cannot find its counts/,
  ),
  lost(
    'a check throws',
    ({ startMs }) => (startMs === 2000 ? { error: 'Error: LOADING', allowed: null } : {}),
    'fail',
    /threw at their caller: Error: LOADING/,
  ),
  lost(
    'a policy is not kept',
    ({ limiter }, fault) => (fault && limiter === 'login' ? { counted: false } : {}),
    'fail',
    /login is declared 'deny', but allowed 60 of 60/,
  ),
  {
    clause: 'C4',
    when: 'the subject has no limiter',
    measurement: withoutLimiter,
    result: 'not judged',
    says: /no limiter/,
  },
  {
    clause: 'C4',
    when: 'nothing was asked during the fault',
    measurement: { ...good, limiting: { ...limitingOf(0, 0, 0) } },
    result: 'not judged',
  },
  declared(
    'the window is longer than the fault',
    { windowMs: 60_000, limit: 1000 },
    'not judged',
    /does not fit in a fault of 3\.0 s/,
  ),
  declared(
    'the limit is never reached',
    { limit: 10 },
    'not judged',
    /asked 10 times in each.*never reached/,
  ),
  {
    clause: 'C4',
    when: 'a check throws, whatever the window is',
    measurement: limitedTo(
      { windowMs: 60_000, limit: 1000 },
      checked(({ startMs }) => (startMs === 2000 ? { error: 'Error: OOM', allowed: null } : {})),
    ),
    result: 'fail',
    says: /threw at their caller: Error: OOM/,
  },
  {
    clause: 'C4',
    when: 'nobody has said what it allows',
    measurement: { ...withoutLimiter, limiterAlone: { undeclared: 'nobody has said what api allows' } },
    result: 'not judged',
    says: /nobody has said/,
  },
]
