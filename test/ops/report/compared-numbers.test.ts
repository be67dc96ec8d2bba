import { describe, expect, test } from 'vitest'
import { plainTerminal } from '../../../src/cli/terminal.js'
import { compareText } from '../../../src/cli/views/load-compare.js'
import { ALLOWED } from '../../../src/ops/config/allowance.js'
import { compareReports } from '../../../src/ops/load/compare.js'
import { comparedValue, differenceOf } from '../../../src/ops/report/compared-numbers.js'
import { rowsBlock } from '../../../src/ops/report/html/pages/compared-tables.js'
import type { CompareRow } from '../../../src/ops/report/load-compare-report.js'
import { loadReport, saved } from '../load/saved-reports.js'

const row = (unit: CompareRow['unit'], a: number, b: number): CompareRow => ({
  where: 'during',
  metric: 'p99',
  unit,
  a,
  b,
  difference: b - a,
  verdict: 'worse',
})

test.each([
  ['time', 1250, '1.3 s'],
  ['share', 0.97, '97 %'],
  ['perSecond', 2.345, '2.3/s'],
  ['bytes', 1536, '1.5 KiB'],
  ['factor', 9.42, '9.4 x'],
  ['callerSeconds', 12, '12 s'],
  ['count', 1234, '1,234'],
] as const)('a value in %s', (unit, value, text) => {
  expect(comparedValue(value, unit)).toBe(text)
  expect(comparedValue('never', unit)).toBe('never')
  expect(comparedValue(null, unit)).toBe('-')
})

const DIFFERENCES = [
  ['time', 1, 1.04, '0'],
  ['time', 1.04, 1, '0'],
  ['bytes', 0.3, 0, '0'],
  ['factor', 1, 1.04, '0'],
  ['perSecond', 20, 20, '0'],
  ['share', 0.5, 0.500_01, '0'],
  ['share', 0.5, 0.5005, '+0.05 points'],
  ['share', 0.99, 0.866, '-12 points'],
  ['time', 300, 250, '-50 ms'],
  ['callerSeconds', 20, 24.5, '+4.5 s'],
] as const

describe('a difference', () => {
  test.each(DIFFERENCES)('in %s of %d and %d', (unit, a, b, text) => {
    expect(differenceOf(row(unit, a, b))).toBe(text)
  })

  test('that nobody knows', () => {
    expect(differenceOf({ difference: null, unit: 'time' })).toBe('-')
  })

  test.each(DIFFERENCES)(
    'is the same text on a page and on a terminal: in %s of %d and %d',
    (unit, a, b, text) => {
      expect(rowsBlock([row(unit, a, b)]).table.rows[0]?.at(-1)).toBe(text)
      const report = compareReports(saved(loadReport()), saved(loadReport()), {
        allowance: ALLOWED,
        anyway: true,
      })
      const shown = compareText({ ...report, rows: [row(unit, a, b)] }, plainTerminal)
      expect(
        shown
          .split('\n')
          .find((line) => line.includes('p99'))
          ?.trimEnd()
          .endsWith(` ${text}`),
      ).toBe(true)
    },
  )
})
