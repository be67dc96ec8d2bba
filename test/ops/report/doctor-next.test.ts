import { expect, test } from 'vitest'
import { nextCommands } from '../../../src/ops/report/doctor-next.js'
import type { CheckReport, CheckStatus, DoctorReport, Impact } from '../../../src/ops/report/doctor-report.js'

const next = (found: Record<string, CheckStatus>, redis: Impact['redis'] = 'up') =>
  nextCommands({
    checks: Object.entries(found).map(([id, status]) => ({ id, status }) as CheckReport),
    impact: { redis },
    summary: { unknown: 0 },
    probedWrites: true,
  } as DoctorReport)

test('what is explained is the gravest, and what is about the machine of doctor comes last', () => {
  expect(next({ 'LAT-003': 'warn', 'TTF-001': 'warn' })[0]).toBe('cache explain TTF-001')
  expect(next({ 'TTF-001': 'warn', 'MEM-001': 'FAIL' })[0]).toBe('cache explain MEM-001')
  expect(next({ 'LAT-003': 'FAIL', 'TTF-001': 'warn' })[0]).toBe('cache explain LAT-003')
  expect(next({ 'CON-001': 'ok', 'ENV-002': 'warn' })[0]).toBe('cache explain ENV-002')
})

test('in an outage, or in half of one, the runbook and no rehearsal', () => {
  for (const redis of ['away', 'half'] as const) {
    expect(next({ 'CON-001': 'FAIL' }, redis)).toEqual([
      'cache explain CON-001',
      'cache runbook run redis-unavailable',
    ])
  }
  expect(next({ 'CON-001': 'ok' })).toEqual(['cache simulate-outage'])
})
