import { expect, it } from 'vitest'
import { nearest } from '../../../src/ops/report/nearest.js'

const known = ['refused', 'stall', 'oom', 'simulate-outage', 'doctor']

it.for([
  ['stal', 'stall'],
  ['Stall', 'stall'],
  ['satll', 'stall'],
  ['simulate', 'simulate-outage'],
  ['simulate-outgae', 'simulate-outage'],
  ['docter', 'doctor'],
  ['oon', 'oom'],
  ['x', undefined],
  ['kubernetes', undefined],
  ['', undefined],
])('%s is meant to be %s', ([typed, meant]) => {
  expect(nearest(typed as string, known)).toBe(meant)
})
