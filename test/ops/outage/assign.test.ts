import { describe, expect, test } from 'vitest'
import { subjects } from '../../../src/ops/experiment/subjects/index.js'
import { faults } from '../../../src/ops/faults/index.js'
import { assign } from '../../../src/ops/outage/assign.js'
import { fits } from '../../../src/ops/experiment/fit.js'

const named = (options: Parameters<typeof assign>[0]) =>
  assign(options).assignments.map(({ fault, subject }) => `${fault.name}@${subject.name}`)

describe('the suite full', () => {
  test('has every fault once, on a subject that can meet it', () => {
    const { assignments } = assign({ suite: 'full' })
    expect(assignments.map(({ fault }) => fault.name).toSorted()).toEqual(
      faults.map(({ name }) => name).toSorted(),
    )
    for (const { fault, subject } of assignments) expect(fits(fault, subject)).toBe(true)
    expect(new Set(assignments.map(({ subject }) => subject.name))).toEqual(
      new Set(['library', 'library-integrity', 'library-upstash', 'stores']),
    )
  })

  test.each(subjects)('on $name is what of it fits', (subject) => {
    const expected = faults.filter((fault) => fits(fault, subject))
    expect(named({ suite: 'full', subject: subject.name }).toSorted()).toEqual(
      expected.map(({ name }) => `${name}@${subject.name}`).toSorted(),
    )
  })
})

test('drills that are named are not left out in silence, whatever they are asked of', () => {
  expect(named({ drills: ['upstash-429', 'stall'], subject: 'library' })).toEqual([
    'upstash-429@library',
    'stall@library',
  ])
})
