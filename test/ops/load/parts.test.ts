import { describe, expect, test } from 'vitest'
import { partsText } from '../../../src/cli/views/load-parts.js'
import { outcomeOf, type Asked } from '../../../src/ops/load/generator/outcome.js'
import { mergeReports } from '../../../src/ops/load/merge.js'
import { endpointOf, familyOf } from '../../../src/ops/load/part-names.js'
import { addPhases } from '../../../src/ops/load/phase-window.js'
import { loadPhaseOf } from '../../../src/ops/load/phases.js'
import { createTally } from '../../../src/ops/load/tally.js'
import { loadDigest } from '../../../src/ops/report/load-digest.js'
import type { LoadPhase, LoadReport } from '../../../src/ops/report/load-report.js'
import { batchOf, type Row } from './batches.js'
import { loadReport, saved } from './saved-reports.js'

const OK = { statuses: ['2xx'] }
const GET = { method: 'GET', path: '/health', expect: OK }
const KEY = { path: '/t/{key}', expect: OK }
const endpoints = endpointOf({
  probes: [GET, { ...GET, path: '/slow' }],
  read: { ...KEY, method: 'GET', version: { json: 'v' }, denied: [] },
  write: { ...KEY, method: 'PUT' },
  limit: {
    ...KEY,
    method: 'POST',
    path: '/login',
    name: 'login',
    limit: 1,
    windowMs: 1,
    onUnavailable: 'allow',
  },
})
const SEEN = { hitsUnseen: true, loadsUnseen: true }

/** `during` of a run in which these were due. */
function during(rows: readonly Omit<Row, 'dueMs'>[], partOf = endpoints): LoadPhase {
  const tally = createTally({ duringMs: 1000, afterMs: 1000, transitionMs: 100, partOf })
  tally.fault(1000)
  tally.heal(2000)
  tally.end(3000)
  const batch = batchOf(rows.map((row, at) => ({ dueMs: 1050 + at * 10, ...row })))
  tally.add(batch, 3000)
  const { windows, seconds } = tally.result()
  expect(seconds.every(({ window }) => window.parts.size === 0)).toBe(true)
  expect(loadPhaseOf('onset', windows.onset, SEEN).parts).toBeUndefined()
  return loadPhaseOf('during', windows.during, SEEN)
}

const countsOf = (parts: LoadPhase['parts']) =>
  parts?.map(({ kind, name, sent, ok, errors, denied, pending }) => [
    `${kind} ${name}`,
    [sent, ok, errors, denied, pending],
  ])

describe('which part an operation is of', () => {
  test.each<[Asked, number, string | undefined]>([
    ['request', 1, 'GET /slow'],
    ['read', 0, 'GET /t/{key}'],
    ['put', 0, 'PUT /t/{key}'],
    ['check', 0, 'POST /login'],
    ['request', 7, undefined],
    ['invalidate', 0, undefined],
  ])('of an app: %s of part %d is %s', (asked, part, name) => {
    expect(endpoints(outcomeOf(asked, part))?.name).toBe(name)
  })

  test('of a subject: a family, whatever is done with its key, or a limiter once it is known', () => {
    let limiters: { name: string }[] = []
    const partOf = familyOf([{ id: 'conv' }, { id: 'policy' }], () => limiters)
    const policy = { kind: 'family', name: 'policy' }
    for (const asked of ['read', 'put', 'invalidate'] as const)
      expect(partOf(outcomeOf(asked, 1))).toEqual(policy)
    expect(partOf(outcomeOf('check', 1))).toBeNull()
    limiters = [{ name: 'api' }, { name: 'policy' }]
    expect(partOf(outcomeOf('check', 1))).toEqual({ kind: 'limiter', name: 'policy' })
  })
})

const ROWS: Omit<Row, 'dueMs'>[] = [
  { asked: 'request', part: 1, is: ['error', 'serverError'] },
  { asked: 'request', part: 1, endMs: null },
  { asked: 'request', part: 0 },
  { asked: 'check', is: ['denied'] },
  { asked: 'read', is: ['hit'] },
  { asked: 'put' },
]

test('each part has its own counts and times, and together they are the phase', () => {
  const phase = during(ROWS)
  expect(countsOf(phase.parts)).toEqual([
    ['endpoint GET /health', [1, 1, 0, 0, 0]],
    ['endpoint GET /slow', [2, 0, 1, 0, 1]],
    ['endpoint GET /t/{key}', [1, 1, 0, 0, 0]],
    ['endpoint POST /login', [1, 0, 0, 1, 0]],
    ['endpoint PUT /t/{key}', [1, 1, 0, 0, 0]],
  ])
  for (const each of ['sent', 'ok', 'errors', 'denied', 'pending'] as const)
    expect(phase.parts?.reduce((sum, part) => sum + part[each], 0)).toBe(phase[each])
  const [health, slow] = phase.parts!
  expect(health!.p50Ms).toBeCloseTo(1, 1)
  // Half of it was never answered.
  expect(slow).toMatchObject({ p95Ms: null, uncertain: expect.arrayContaining(['p95']) as string[] })
})

describe('of several', () => {
  const report = (phases: LoadPhase[], seed: number) => loadReport({}, { phases, seed })
  const one = during(ROWS)
  const other = during([...ROWS, { asked: 'request', part: 0, endMs: 9000 }])
  const whole = during([...ROWS, ...ROWS, { asked: 'request', part: 0, endMs: 9000 }])

  test('generators, parts are added up exactly, in any order', () => {
    const merge = (...all: LoadReport[]) =>
      mergeReports(
        all.map((each, at) => saved(each, `${at}.json`)),
        [],
      )
    const merged = merge(report([one], 1), report([other], 2))
    expect(countsOf(merged.phases[0]!.parts)).toEqual(countsOf(whole.parts))
    expect(merge(report([other], 2), report([one], 1))).toEqual(merged)
  })

  test('generators of which one does not tell parts apart, nobody does', () => {
    const { parts: _, ...rest } = other
    const merged = mergeReports([saved(report([one], 1)), saved(report([rest], 2), 'b.json')], [])
    expect(merged.phases[0]!.parts).toBeUndefined()
  })

  test('runs, too', () => {
    expect(countsOf(addPhases([one, other]).parts)).toEqual(countsOf(whole.parts))
  })
})

test('a saved report whose parts contradict themselves is refused', () => {
  const phase = during(ROWS)
  phase.parts![1]!.ok = 5
  expect(() => saved(loadReport({}, { phases: [phase] }))).toThrow('phases[0].parts[1] contradicts itself')
})

describe('what is shown', () => {
  const TERMINAL = { width: 80, quiet: false, style: { dim: (text: string) => text } } as never
  const show = (phase: LoadPhase) => partsText(loadReport({}, { phases: [phase] }), TERMINAL).join('\n')

  test('endpoints, with what is rare only where it was', () => {
    const slow = /^GET \/slow\s+2\s+1\s+0\s+1\s+never$/m
    expect(show(during(ROWS)).replaceAll('~', '')).toMatch(slow)
    expect(show(during(ROWS.slice(2, 3).concat(ROWS.slice(4))))).not.toMatch(/429|unanswered/)
    const { tables } = loadDigest(loadReport({}, { phases: [during(ROWS)] }))
    expect(tables![1]!.rows).toContainEqual(['GET /slow', 'during', '2', '1', '1', '0', '~ never'])
  })

  test('nothing of one endpoint alone, and nothing of families', () => {
    expect(show(during([{ asked: 'request' }]))).toBe('')
    const families = familyOf([{ id: 'conv' }, { id: 'policy' }], () => [])
    const phase = during([{ part: 0 }, { part: 1 }], families)
    expect(phase.parts).toHaveLength(2)
    expect(show(phase)).toBe('')
  })
})
