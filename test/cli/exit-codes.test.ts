import { expect, it } from 'vitest'
import { exitCodeOf } from '../../src/cli/exit-codes.js'
import type { Report } from '../../src/ops/report/report.js'

const report: Report = { schema: 'cache.x/1', command: 'x', verdict: 'pass' }
const error = (kind: 'usage' | 'environment' | 'safety' | 'bug') => ({
  kind,
  code: 'X',
  message: '',
  suggestions: [],
})

it.for([
  [{ verdict: 'pass' }, 0],
  [{ verdict: 'fail' }, 1],
  [{ verdict: 'inconclusive' }, 3],
  [{ error: error('usage') }, 2],
  [{ error: error('environment') }, 3],
  [{ error: error('safety') }, 4],
  [{ error: error('bug') }, 70],
  // A verdict does not excuse an error.
  [{ verdict: 'pass', error: error('bug') }, 70],
  [{ verdict: 'fail', interrupted: true }, 130],
] as const)('%j is %i', ([fields, code]) => {
  expect(exitCodeOf({ ...report, ...fields })).toBe(code)
})

it('tells the signals apart', () => {
  expect(exitCodeOf({ ...report, interrupted: true }, 'SIGTERM')).toBe(143)
})
