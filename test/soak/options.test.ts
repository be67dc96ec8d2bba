import { expect, test } from 'vitest'
import { planFaults } from './faults/plan.js'
import { readOptions } from './options.js'

test('ten minutes and a seed of its own, unless asked otherwise', () => {
  expect(readOptions([])).toMatchObject({ seconds: 600, seed: expect.any(Number), json: false })
  expect(readOptions(['--seconds', '60', '--seed', '7', '--json'])).toEqual({
    seconds: 60,
    seed: 7,
    json: true,
  })
})

test.each([
  [['--seconds', '3601'], '--seconds 3601: give a whole number from 5 to 3600'],
  [['--seconds', '1h'], '--seconds 1h: give a whole number from 5 to 3600'],
  [['--seed', '-1'], /seed/],
  [['--fast'], /--fast/],
])('%j is refused', (words, error) => {
  expect(readOptions(words)).toEqual({
    error: typeof error === 'string' ? error : expect.stringMatching(error),
  })
})

test('a seed always plans the same faults, of every kind, and spares each process in turn', () => {
  const plan = planFaults(7, 600)
  expect(planFaults(7, 600)).toEqual(plan)
  expect(planFaults(8, 600)).not.toEqual(plan)
  expect(new Set(plan.map(({ what }) => what.kind))).toEqual(new Set(['door', 'server', 'kill']))
  expect(new Set(plan.map(({ spared }) => spared))).toEqual(new Set([null, 0, 1, 2, 3]))
  for (const { what, spared } of plan) {
    if (spared === null) continue
    expect(what.kind).not.toBe('server')
    if (what.kind === 'door') expect(what.doors).not.toContain(spared)
  }
})
