import type { CheckRecord } from '../../../src/ops/experiment/limiting.js'
import type { Measurement } from '../../../src/ops/experiment/measurement.js'
import type { ClauseRow } from './clause-row.js'
import { goodMeasurement } from './measurements.js'

const good = goodMeasurement()

/** Of the limiter `api`, open, which allows 5 in 500 ms; the fault is from 1 to 4 s. */
const check = (identifier: string, startMs: number, overrides: Partial<CheckRecord> = {}): CheckRecord => ({
  limiter: 'api',
  identifier,
  startMs,
  endMs: startMs + 1,
  error: null,
  allowed: true,
  counted: true,
  ...overrides,
})
const denied = { allowed: false }

function besides(...more: CheckRecord[]): Measurement {
  const { limiters, checks } = good.limiting!
  const inOrder = [...checks, ...more].toSorted((left, right) => left.startMs - right.startMs)
  return { ...good, limiting: { limiters, checks: inOrder } }
}

const row = (when: string, checks: CheckRecord[], result: ClauseRow['result'], says?: RegExp): ClauseRow => ({
  clause: 'C4',
  when,
  measurement: besides(...checks),
  result,
  ...(says && { says }),
})

const times = (count: number, startMs: number, about: string, overrides: Partial<CheckRecord> = {}) =>
  Array.from({ length: count }, (_, index) => check(about, startMs + index, overrides))
const rare = 'drill:rare'
const burst = 'drill:burst:1'
const closed = { limiter: 'login', ...denied }

/** Checks about others than the eager one. */
export const identifierRows: ClauseRow[] = [
  row(
    'somebody is allowed as much again half a window later',
    [...times(5, 300, burst), ...times(3, 600, burst)],
    'fail',
    /api allowed 8 requests within 500 ms, although its limit is 5: a burst late in one window/,
  ),
  row('he is allowed it a window later', [...times(5, 300, burst), ...times(5, 801, burst)], 'pass'),
  row(
    'everybody has a limit of his own',
    [...times(5, 300, 'drill:alike:1'), ...times(5, 300, 'drill-alike-1')],
    'pass',
  ),
  row(
    'somebody who is asked about for the first time is denied',
    [check('drill-alike-1', 300, denied)],
    'fail',
    /denied 1 request within its limit: drill-alike-1 was asked about 1 times in 1\.0 s, and 5 are allowed/,
  ),
  row('a limit and one more within two windows', [...times(5, 300, rare), check(rare, 700, denied)], 'pass'),
  row(
    'after the heal, with all that the fault may have held back',
    [...times(4, 2000, rare, { counted: false }), check(rare, 4200, denied)],
    'fail',
    /drill:rare was asked about 5 times in 1\.0 s, with what the fault may have held back/,
  ),
  row(
    'after the heal, when what was held back is as much as is allowed',
    [...times(5, 2000, rare, { counted: false }), check(rare, 4200, denied)],
    'pass',
  ),
  row('a closed policy that does not say so', [check(rare, 2000, closed)], 'pass'),
  row('a closed one before anything is wrong', [check(rare, 500, closed)], 'fail', /login denied 1 request/),
  row(
    'one that is closed for longer than it may recover',
    [check(rare, 9100, closed)],
    'fail',
    /login denied 1 request/,
  ),
]
