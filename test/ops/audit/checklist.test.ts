import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checklistOf, type Evidence } from '../../../src/ops/audit/checklist.js'
import { directoryInRepository } from '../../../src/ops/audit/repository.js'

const ALL = ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10']
const place = { file: 'src/cache.ts', line: 3, column: 1 }
const site = (rule: string, kind: 'conforms' | 'unprovable') => ({ ...place, rule, site: kind, what: 'it' })
const finding = (rule: string) => ({ ...place, rule, message: 'it breaks' })
const known = (rule: string) => ({ ...finding(rule), isKnown: true })
const accepted = (rule: string) => ({ ...place, rule, reason: 'so it is' }) as Evidence['accepted'][number]

function answers(evidence: Partial<Evidence>) {
  return checklistOf({ applied: ALL, findings: [], accepted: [], sites: [], unseen: [], ...evidence })
}

test('nine items; nothing to speak of is not applicable', () => {
  const items = answers({})
  expect(items.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(new Set(items.map(({ result }) => result))).toEqual(new Set(['not applicable']))
})

test.each<[string, Partial<Evidence>, string, string]>([
  ['a place that conforms', { sites: [site('R1', 'conforms')] }, 'pass', '1 place'],
  [
    'a finding, whatever conforms',
    { sites: [site('R1', 'conforms')], findings: [finding('R1')] },
    'fail',
    '1 finding',
  ],
  [
    'a place out of sight',
    { sites: [site('R1', 'conforms'), site('R1', 'unprovable')] },
    'not provable',
    '1 place decided out of sight',
  ],
  [
    'code that was not seen',
    { sites: [site('R1', 'conforms')], unseen: ['2 imports unresolved'] },
    'not provable',
    '2 imports unresolved',
  ],
  ['what the baseline knows', { findings: [known('R1')] }, 'fail', '1 known finding'],
  [
    'what the baseline knows beside what it does not',
    { findings: [known('R1'), finding('R1')] },
    'fail',
    '2 findings (1 known)',
  ],
  ['a rule that is off', { applied: ['R2'] }, 'not provable', 'R1 not applied'],
  [
    'what somebody accepts',
    { sites: [site('R1', 'conforms')], accepted: [accepted('R1')] },
    'pass',
    '1 place, 1 accepted with a reason',
  ],
  ['nothing but what somebody accepts', { accepted: [accepted('R1')] }, 'pass', '1 accepted with a reason'],
])('%s', (_, evidence, result, because) => {
  expect(answers(evidence)[0]).toMatchObject({ result, because })
})

test('an item of two rules fails by either, and passes only with both', () => {
  expect(answers({ findings: [finding('R10')] })[6]).toMatchObject({ result: 'fail', rules: ['R7', 'R10'] })
  const without = ALL.filter((rule) => rule !== 'R10')
  expect(answers({ applied: without, sites: [site('R7', 'conforms')] })[6]).toMatchObject({
    result: 'not provable',
    notApplied: ['R10'],
  })
})

test('of rules that are in no item there is no checklist', () => {
  expect(answers({ applied: ['R11', 'R12'] })).toEqual([])
})

test('evidence is a handful, and counted whole', () => {
  const [first] = answers({ sites: Array.from({ length: 40 }, () => site('R1', 'conforms')) })
  expect(first).toMatchObject({ sites: 40, because: '40 places' })
  expect(first!.evidence).toHaveLength(5)
})

test('where a directory is in its repository', () => {
  const root = mkdtempSync(join(tmpdir(), 'cache-audit-repository-'))
  mkdirSync(join(root, 'packages/api'), { recursive: true })
  expect(directoryInRepository(join(root, 'packages/api'))).toBe('')
  mkdirSync(join(root, '.git'))
  expect(directoryInRepository(join(root, 'packages/api'))).toBe('packages/api')
  expect(directoryInRepository(root)).toBe('')
  rmSync(root, { recursive: true })
})
