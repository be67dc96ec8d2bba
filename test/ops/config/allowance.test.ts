import { expect, test } from 'vitest'
import { parseAllowance } from '../../../src/ops/config/allowance.js'

test.each([
  ['1.3x,5ms', { factor: 1.3, floorMs: 5 }],
  ['50ms, 2x', { factor: 2, floorMs: 50 }],
  ['1x,0ms', { factor: 1, floorMs: 0 }],
  ['2x', { factor: 2, floorMs: 5 }],
  ['1s', { factor: 1.3, floorMs: 1000 }],
])('%s', (text, allowed) => expect(parseAllowance(text)).toEqual(allowed))

test.each(['', 'x', '0.9x', '101x', '1.3', '5', '2h', '1.3x,2x', '5ms,6ms', '1.3x,5ms,1s', '-1x', '1.3x5ms'])(
  'refused: %s',
  (text) => expect(parseAllowance(text)).toBeNull(),
)
