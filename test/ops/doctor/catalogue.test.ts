import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CHECK_GROUPS } from '../../../src/ops/doctor/check.js'
import { checks } from '../../../src/ops/doctor/checks/index.js'
import { findPage, listPages } from '../../../src/ops/doctor/pages.js'
import { selectChecks, thresholdsOf } from '../../../src/ops/doctor/select.js'
import { CANNOT_BE, rowsNeeded, rowsOf } from './rows-needed.js'

test('ids are unique, and checks of a group stand together', () => {
  const ids = checks.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const groups = checks.map(({ group }) => group).filter((group, index, all) => group !== all[index - 1])
  expect(groups).toEqual(CHECK_GROUPS)
})

describe.each(checks)('$id', ({ id, title, threshold }) => {
  test('its page says what, how, from when on, how to mend it and how to override it', () => {
    const page = readFileSync(`docs/checks/${id}.md`, 'utf8')
    expect(page).toMatch(new RegExp(`^# ${id} ${title}$`, 'm'))
    for (const part of ['How', 'Threshold', 'Fix', 'Override']) expect(page).toContain(`**${part}.**`)
    expect(page).toContain('Source:')
    for (const number of [threshold.warn, threshold.fail])
      if (number) expect(page).toMatch(new RegExp(`\\b${number}\\b`))
  })
})

test('what is said to be impossible to bring about is a state of a check; the others are to be seen', ({
  task,
}) => {
  expect(checks.flatMap(rowsOf)).toEqual(expect.arrayContaining(Object.keys(CANNOT_BE)))
  // scripts/doctor-rows-reporter.js looks whether they were, when all files have ended.
  task.file.meta.doctorRowsNeeded = rowsNeeded(checks)
})

test('no page explains a check that is gone', () => {
  const pages = listPages('docs').filter(({ kind }) => kind === 'check')
  expect(pages.map(({ id }) => id).sort()).toEqual(checks.map(({ id }) => id).sort())
})

test('ids in any case; an unknown one says what was meant', () => {
  expect(selectChecks({ only: ['ttf-001'] }).map(({ id }) => id)).toEqual(['TTF-001'])
  expect(selectChecks({ skip: ['TTF-001'] })).toHaveLength(checks.length - 1)
  expect(() => selectChecks({ only: ['TTF-01'] })).toThrow(
    expect.objectContaining({ suggestions: ['--only TTF-001'] }),
  )
  expect(() => selectChecks({ only: ['TTF-001'], skip: ['TTF-001'] })).toThrow(/leaves no check/)
  expect(() => thresholdsOf({ 'TTF-999': { warn: 1 } })).toThrow(/^doctor\.thresholds: there is no check/)
  const lat = checks.find(({ id }) => id === 'LAT-001')!
  expect(thresholdsOf({ 'Lat-001': { warn: 7 } })(lat)).toMatchObject({ warn: 7, fail: 100 })
})

test('a threshold that nothing can reach is refused; days go on below 0', () => {
  expect(() => thresholdsOf({ 'LAT-001': { warn: -5 } })).toThrow('LAT-001 is never measured as -5 (ms).')
  expect(() => thresholdsOf({ 'HIT-001': { fail: -1 } })).toThrow(/HIT-001 is never measured as -1/)
  const versions = checks.find(({ id }) => id === 'ENV-002')!
  expect(thresholdsOf({ 'ENV-002': { fail: -365 } })(versions)).toMatchObject({ warn: 0, fail: -365 })
})

test.each([
  ['con-001', 'check', 'CON-001'],
  ['Stall', 'drill', 'stall'],
  ['c3', 'clause', 'C3'],
])('%s is explained', (asked, kind, id) => {
  expect(findPage(asked, 'docs')).toMatchObject({ kind, id })
})
