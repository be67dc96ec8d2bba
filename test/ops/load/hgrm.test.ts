import { expect, test } from 'vitest'
import { hgrmFiles } from '../../../src/ops/load/hgrm.js'
import { createHistogram } from '../../../src/ops/load/histogram.js'
import { phase } from './load-reports.js'

function encoded(...latencies: number[]): string {
  const histogram = createHistogram()
  for (const ms of latencies) histogram.record(ms)
  return histogram.encode()
}

const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => /^ *\d/.test(line))
    .map((line) => line.trim().split(/ +/).map(Number))

test('a file for each phase and transition that had answers, in milliseconds', () => {
  const latencies = Array.from({ length: 1000 }, (_, index) => index + 1)
  const files = hgrmFiles({
    phases: [
      phase('before', { histogram: encoded(...latencies) }),
      phase('during', { histogram: encoded() }),
      phase('after', { histogram: '' }),
    ],
    transitions: [phase('onset', { histogram: encoded(5000) })],
  })
  expect(files.map(({ name }) => name)).toEqual(['before.hgrm', 'onset.hgrm'])
  const rows = rowsOf(files[0]!.text)
  const [value = 0, , count] = rows.find(([, share]) => share === 0.5) ?? []
  expect(Math.abs(value - 500)).toBeLessThanOrEqual(0.001 * 500)
  expect(count).toBe(500)
  expect(rows.at(-1)?.[2]).toBe(1000)
  expect(files[0]!.text).toMatch(/Total count += +1000/)
})
