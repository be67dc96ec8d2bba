import { expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatFactor,
  formatQuantity,
  formatShare,
} from '../../../src/ops/report/format.js'

it.for([
  [null, 'never'],
  [Number.POSITIVE_INFINITY, 'never'],
  [0, '0 ms'],
  [3, '3 ms'],
  [0.26, '0.3 ms'],
  [250.4, '250 ms'],
  [999.4, '999 ms'],
  [999.5, '1.0 s'],
  [6000, '6.0 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min'],
  [125_000, '2 min 5 s'],
  [7_199_000, '119 min 59 s'],
  [7_200_000, '2 h'],
  [99_999_000, '28 h'],
  [172_800_000, '2 days'],
  [100_000_000_000, '1,157 days'],
] as const)('duration %s is %s', ([ms, text]) => expect(formatDuration(ms)).toBe(text))

it.for([
  [null, '-'],
  [0, '0 %'],
  [0.0004, '<0.1 %'],
  [0.025, '2.5 %'],
  [0.91, '91 %'],
  [0.9996, '>99.9 %'],
  [1, '100 %'],
] as const)('share %s is %s', ([share, text]) => expect(formatShare(share)).toBe(text))

it.for([
  [null, '-'],
  [1, '1.0 x'],
  [9.42, '9.4 x'],
  [20, '20 x'],
] as const)('factor %s is %s', ([factor, text]) => expect(formatFactor(factor)).toBe(text))

it('counts and bytes', () => {
  expect([999, 1000, 1_234_567].map(formatCount)).toEqual(['999', '1,000', '1,234,567'])
  expect([
    formatQuantity(1, 'drill'),
    formatQuantity(0, 'drill'),
    formatQuantity(2, 'entry', 'entries'),
  ]).toEqual(['1 drill', '0 drills', '2 entries'])
  expect([512, 1536, 3 * 1024 * 1024].map(formatBytes)).toEqual(['512 B', '1.5 KiB', '3.0 MiB'])
})
