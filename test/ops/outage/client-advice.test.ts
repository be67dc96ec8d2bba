import { describe, expect, test } from 'vitest'
import type { Measurement } from '../../../src/ops/experiment/measurement.js'
import { BUDGETS } from '../../../src/ops/outage/budgets.js'
import { clauses } from '../../../src/ops/outage/clauses/index.js'
import type { ClauseId } from '../../../src/ops/report/drill-report.js'
import { goodMeasurement, limitingOf, operation, vitals, withMore, write } from './measurements.js'

const good = goodMeasurement()
const hung = limitingOf(good.faultAtMs, good.healAtMs, good.endMs)
const contested = { key: 'drill:contested:0', group: 'contested' } as const

/** Of each clause that speaks of the client, something that breaks it. */
const broken: Partial<Record<ClauseId, Measurement>> = {
  C3: withMore([operation(2000, { endMs: null })]),
  C4: goodMeasurement({
    limiting: {
      ...hung,
      checks: hung.checks.map((each) => (each.startMs === 2000 ? { ...each, endMs: null } : each)),
    },
  }),
  C6: goodMeasurement({
    vitals: good.vitals.map(({ atMs }) => vitals(atMs, { inFlight: atMs < 3000 ? 1 : 500 })),
  }),
  C8: goodMeasurement({
    operations: good.operations.map((each) => ({ ...each, source: 'load' as const })),
    backendUsedAgainMs: null,
  }),
  C9: withMore(
    [operation(6000, { ...contested, process: 'second', version: 2 })],
    [write(1010, { key: contested.key }), write(1500, { key: contested.key, version: 3, process: 'second' })],
  ),
}

describe.each(Object.entries(broken))('what %s says', (id, measurement) => {
  const adviceOn = (backend: Partial<Measurement>) => {
    const finding = clauses
      .find((each) => each.id === id)
      ?.judge({ ...measurement, ...backend }, BUDGETS).finding
    return `${finding?.cause} ${finding?.change}`
  }

  test('names the options of the client of Upstash where that is what fails', () => {
    const advice = adviceOn({ overRest: true })
    expect(advice).toMatch(/retry: \{ retries: 0 \}|AbortSignal\.timeout\(300\)/)
    expect(advice).not.toMatch(/ioredis|commandTimeout|offline queue|enableOfflineQueue|retryStrategy/)
  })

  test('and of Upstash nothing where it is not', () => {
    expect(adviceOn({})).not.toMatch(/upstash|AbortSignal/i)
  })
})

test('where both were away, C3 names what usually keeps callers waiting for either', () => {
  const both = { sourceTaken: true, backendTaken: true } as const
  const { finding } = clauses.find(({ id }) => id === 'C3')!.judge({ ...broken.C3!, ...both }, BUDGETS)
  expect(finding?.cause).toMatch(/ioredis defaults.*supabase-js/)
})
