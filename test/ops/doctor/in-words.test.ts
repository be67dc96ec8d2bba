import { expect, test } from 'vitest'
import { inWords } from '../../../src/ops/doctor/in-words.js'

test.each([
  [null, 'never'],
  [0.42, '0.42 ms'],
  [250, '250 ms'],
  [10_500, '10.5 s'],
  [109_000, '1 min 49 s'],
  [7_199_000, '119 min 59 s'],
  [99_999_000, '28 h'],
  [260_000_000, '3 days'],
])('%s ms: %s', (ms, words) => expect(inWords.time(ms)).toBe(words))
