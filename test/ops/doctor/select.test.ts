import { expect, test } from 'vitest'
import { checks } from '../../../src/ops/doctor/checks/index.js'
import { selectChecks, type Selection } from '../../../src/ops/doctor/select.js'

const idsOf = (selection: Selection) => selectChecks(selection).map(({ id }) => id)
const idsIn = (...groups: string[]) =>
  checks.filter(({ group }) => groups.includes(group)).map(({ id }) => id)

test('a group, in any case; several; beside single checks, in the order of the catalogue', () => {
  expect(idsOf({ groups: ['Memory'] })).toEqual(idsIn('memory'))
  expect(idsOf({ groups: ['supabase', 'memory'] })).toEqual(idsIn('memory', 'supabase'))
  expect(idsOf({ groups: ['memory'], only: ['CON-001'] })).toEqual(['CON-001', ...idsIn('memory')])
})

test('what is skipped is left out of a group', () => {
  expect(idsOf({ groups: ['memory'], skip: ['mem-002'] })).toEqual(
    idsIn('memory').filter((id) => id !== 'MEM-002'),
  )
  expect(() => selectChecks({ groups: ['memory'], skip: idsIn('memory') })).toThrow(/leaves no check/)
})

test.each([
  ['memroy', '--group memory'],
  ['xyzzyxyzzy', 'groups are connectivity, '],
])('there is no group %s', (name, suggestion) => {
  expect(() => selectChecks({ groups: [name] })).toThrow(
    expect.objectContaining({ code: 'UNKNOWN_GROUP', suggestions: [expect.stringContaining(suggestion)] }),
  )
})
