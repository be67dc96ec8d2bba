import { expect, test } from 'vitest'
import { judge } from '../../../src/ops/load/judge.js'
import type { LoadRun } from '../../../src/ops/load/load-run.js'
import { runOf, TIMES, type Op } from './runs.js'

const good = runOf()
const wordsOf = (run: LoadRun) => judge(run, [], { maxLatenessMs: 25 }).inWords
const during = ({ dueMs }: Op) => dueMs >= TIMES.faultAtMs && dueMs < TIMES.healAtMs
const under = (change: (op: Op, index: number) => Partial<Op>, overrides: Partial<LoadRun> = {}) =>
  runOf((op, index) => (during(op) ? change(op, index) : {}), overrides)
const first = (count: number, change: Partial<Op>) =>
  under((_op, index) => (index < 1000 + count ? change : {}))

test.each<[what: string, run: LoadRun, words: string]>([
  [
    'a price that nobody notices',
    good,
    'A refused Redis costs your users +3 ms p95 and your database 10 x; nobody gets an error.',
  ],
  [
    'errors',
    first(100, { error: true }),
    'A refused Redis costs your users +3 ms p95 and your database 10 x; 100 of 3,000 get an error.',
  ],
  [
    'errors of an app',
    { ...first(100, { error: true }), apart: true },
    'A refused Redis costs your users +3 ms p95 and your database 10 x; 100 of 3,000 requests get an error.',
  ],
  [
    'no answers',
    under((_op, index) => (index % 10 === 0 ? { endMs: null } : {})),
    'A refused Redis costs your users an endless wait p95 and your database 10 x; 100 of 3,000 get no answer at all.',
  ],
  [
    'only in the first moments',
    under(({ dueMs }) => ({ endMs: dueMs + (dueMs < TIMES.faultAtMs + 1000 ? 261 : 1) })),
    'A refused Redis costs your users +260 ms p95 in the first 1.0 s, then nothing, and your database 10 x; nobody gets an error.',
  ],
  [
    'most in the first moments',
    under(({ dueMs }) => ({ endMs: dueMs + (dueMs < TIMES.faultAtMs + 1000 ? 261 : 20) })),
    'A refused Redis costs your users +260 ms p95 in the first 1.0 s, then +19 ms, and your database 10 x; nobody gets an error.',
  ],
  [
    'most in the first moments, and a database that nobody sees',
    {
      ...under(({ dueMs }) => ({ endMs: dueMs + (dueMs < TIMES.faultAtMs + 1000 ? 261 : 20) })),
      loadsUnseen: true,
    },
    'A refused Redis costs your users +260 ms p95 in the first 1.0 s, then +19 ms (what your database gets, nobody counts); nobody gets an error.',
  ],
  [
    'turned away by a limiter that cannot count',
    under((_op, index) => (index % 5 === 0 ? { denied: true, from: 'none' } : {})),
    'A refused Redis costs your users +3 ms p95 and your database 8.0 x; nobody gets an error, 20 % are turned away instead of 0 %.',
  ],
  [
    'so by an app, with 429',
    { ...under((_op, index) => (index % 5 === 0 ? { denied: true, from: 'none' } : {})), apart: true },
    'A refused Redis costs your users +3 ms p95 and your database 8.0 x; nobody gets an error, 20 % get 429 instead of 0 %.',
  ],
  [
    'let through by one that cannot count',
    first(12, { check: 'over-admitted' }),
    'A refused Redis costs your users +3 ms p95 and your database 10 x; nobody gets an error, the limiter lets 12 too many through.',
  ],
  [
    'a database that nobody sees',
    { ...good, loadsUnseen: true },
    'A refused Redis costs your users +3 ms p95 (what your database gets, nobody counts); nobody gets an error.',
  ],
  [
    'all of the load when Redis is back, and a slow recovery',
    runOf((op) =>
      op.dueMs >= TIMES.healAtMs && op.dueMs < TIMES.healAtMs + 2000
        ? { from: 'load' }
        : during(op)
          ? { from: 'hit' }
          : {},
    ),
    'A refused Redis costs your users +3 ms p95 and your database nothing, but 10 x in its worst second; nobody gets an error; it is well again 2.0 s after the heal.',
  ],
  [
    'no recovery',
    runOf(({ dueMs }) => (dueMs >= TIMES.healAtMs ? { from: 'load' } : {})),
    'A refused Redis costs your users +3 ms p95 and your database 10 x; nobody gets an error; 5.0 s after the heal it is still not well.',
  ],
  [
    'nothing at all',
    runOf((op) => ({ endMs: op.dueMs + 1, from: 'hit' }), { fault: 'unheard-of' }),
    'The fault unheard-of costs your users no time (1 ms p95) and your database nothing; nobody gets an error.',
  ],
  [
    'too few to tell',
    runOf((_op, index) => (index % 100 === 0 ? {} : null)),
    'A refused Redis costs your users an unknown time (too few operations to say) and your database nothing; nobody gets an error.',
  ],
  [
    'no fault',
    runOf(undefined, { fault: 'none' }),
    'Without a fault, your users wait 4 ms (p95) and your database gets 200 reads/s; nobody gets an error.',
  ],
])('%s', (_what, run, words) => {
  expect(wordsOf(run)).toBe(words)
})

test('nothing was asked under the fault: nothing is said', () => {
  expect(wordsOf(runOf((op) => (during(op) ? null : {})))).toBeNull()
})
