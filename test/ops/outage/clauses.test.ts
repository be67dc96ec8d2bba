import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Measurement, OperationRecord } from '../../../src/ops/experiment/measurement.js'
import { faults } from '../../../src/ops/faults/index.js'
import { BUDGETS } from '../../../src/ops/outage/budgets.js'
import { clauses } from '../../../src/ops/outage/clauses/index.js'
import { drillsOf, suites } from '../../../src/ops/outage/suites.js'
import { clauseRows } from './clause-rows.js'
import { operation, withMore, write } from './measurements.js'

describe.each(clauseRows)('$clause when $when', ({ clause: id, measurement, result, says, advises }) => {
  const clause = clauses.find((each) => each.id === id)
  const judged = clause?.judge(measurement, BUDGETS)

  test(`is ${result}`, () => {
    expect(judged).toMatchObject({ id, title: clause?.title, result })
    if (says) expect(judged?.evidence).toMatch(says)
    if (advises) expect(judged?.finding?.change).toMatch(advises)
  })

  test('says what happened, why and what to change exactly when it fails', () => {
    if (result !== 'fail') return expect(judged?.finding).toBeUndefined()
    const { show, ...sentences } = judged?.finding ?? {}
    for (const sentence of Object.values(sentences)) expect(sentence.length).toBeGreaterThan(20)
    expect(Object.keys(sentences).sort()).toEqual(['cause', 'change', 'happened'])
    if (show !== undefined) expect(show).toMatch(/^cache (audit|doctor|explain) /)
  })
})

describe('catalogue', () => {
  test('the drills of every suite exist, and a suite has the time that it promises', () => {
    const names = faults.map(({ name }) => name)
    for (const suite of Object.values(suites)) expect(names).toEqual(expect.arrayContaining(drillsOf(suite)))
    const startAndStopMs = (subject: string) => (subject === 'stores' ? 3500 : 1500)
    for (const { parts, phases, withinMs } of Object.values(suites)) {
      const drillMs = phases.beforeMs + phases.duringMs + phases.afterMs
      const takesMs = parts.map(({ drills, subject }) => drills.length * (drillMs + startAndStopMs(subject)))
      expect(takesMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(withinMs)
      expect(phases.afterMs).toBeGreaterThan(BUDGETS.recoverMs)
      expect(phases.duringMs).toBeGreaterThan(BUDGETS.detectMs)
    }
  })

  test.each(clauses)('$id has a page and a row of each result', ({ id, title }) => {
    expect(readFileSync(`docs/clauses/${id}.md`, 'utf8')).toContain(`# ${id} ${title}\n`)
    const results = clauseRows.filter((row) => row.clause === id).map((row) => row.result)
    expect(new Set(results)).toEqual(new Set(['pass', 'fail', 'not judged']))
  })

  test.each(faults)('$name has a page, and says of every clause that it can break it or why not', (fault) => {
    expect(existsSync(`docs/faults/${fault.name}.md`)).toBe(true)
    for (const id of fault.breaks) expect(id).toMatch(/^C([1-9]|10|11)$/)
    const spared = Object.keys(fault.spares ?? {})
    expect([...fault.breaks, ...spared].toSorted()).toEqual(clauses.map(({ id }) => id).toSorted())
  })
})

describe('what C9 says of a stale answer', () => {
  const judge = (measurement: Measurement) =>
    clauses.find(({ id }) => id === 'C9')?.judge(measurement, BUDGETS).finding?.cause
  const key = 'drill:contested:3'
  const bySecond = write(1500, { key, version: 3, process: 'second' })
  const answered = (version: number) =>
    operation(6000, { key, group: 'contested', process: 'second', version })

  test('that a write landed late, where it is the other process that wrote it', () => {
    const byMain = write(1010, { key, version: 2 })
    expect(judge(withMore([answered(2)], [byMain, bySecond]))).toMatch(/landed late/)
  })

  test('that nothing was invalidated at all, where a process on a healthy path answers what it has replaced', () => {
    expect(judge(withMore([answered(1)], [bySecond]))).toMatch(
      /does not invalidate what is cached, outage or not/,
    )
  })

  test('nothing of the kind, where no process had a healthy path', () => {
    const metByAll = { ...withMore([answered(1)], [bySecond]), metByAll: true as const }
    expect(judge(metByAll)).not.toMatch(/does not invalidate/)
  })

  const raced = { key: 'drill:raced:0', group: 'raced' } as const
  const overtaken = [
    operation(5000, { ...raced, endMs: 5060, source: 'load' }),
    operation(5300, { ...raced, process: 'second', version: 1 }),
  ]
  const invalidation = write(5022, { key: raced.key, process: 'second' })

  test('that a load was overtaken, where nothing else went stale', () => {
    const measurement = withMore(overtaken, [invalidation])
    expect(judge(measurement)).toMatch(/loaded before an invalidation is stored after it/)
    const late = operation(6000, { key: 'drill:revoked:3', group: 'revoked', process: 'second' })
    expect(judge(withMore([...overtaken, late], [invalidation]))).toMatch(
      /delete of the outage never reached/,
    )
  })

  test('that a load was joined after an invalidation, where nothing else went stale', () => {
    const joined = { key: 'drill:joined:0', group: 'joined' } as const
    const later = operation(5045, { ...joined, endMs: 5060, version: 1, source: 'load' })
    const own = write(5022, { key: joined.key })
    expect(judge(withMore([later], [own]))).toMatch(/also those who come after an invalidation/)
  })

  test('how many loads were overtaken, where none of them was kept', () => {
    const [load] = overtaken as [OperationRecord]
    const kept = clauses.find(({ id }) => id === 'C9')?.judge(withMore([load], [invalidation]), BUDGETS)
    expect(kept).toMatchObject({ result: 'pass', numbers: { overtakenLoads: 1 } })
    expect(kept?.evidence).toMatch(/; 1 load overtaken by an invalidation, none of them kept$/)
  })
})
