import { expect, test } from 'vitest'
import { judgeRoundTrips } from '../../../src/ops/doctor/checks/round-trip.js'
import type { RoundTrips } from '../../../src/ops/doctor/round-trips.js'

const THRESHOLD = { warn: 200, fail: 300, source: '' }
const ownDelay = { p99: 0, max: 0, turns: 1, laterThan: () => 0, heldUp: 0 }
const found = (times: number[]): RoundTrips => ({
  times,
  mean: 120,
  here: 1,
  server: 0,
  busiest: null,
  rest: 119,
  ownDelay,
})
const FAR = found([118, 119, 120, 121, 122])

test('a server that answers later than a call of the client waits fails, whatever the threshold', () => {
  const { status, message } = judgeRoundTrips(FAR, THRESHOLD, 100)
  expect(status).toBe('FAIL')
  expect(message).toMatch(
    /a call of the client waits 100 ms, so most fall back as if Redis were away: .*network/,
  )
})

test('a call that waits longer, or for ever, or of a client that nobody declared, is no reason', () => {
  expect(judgeRoundTrips(FAR, THRESHOLD, 150).status).toBe('ok')
  expect(judgeRoundTrips(FAR, THRESHOLD, null).status).toBe('ok')
  expect(judgeRoundTrips(found([5, 6, 7, 8, 150]), THRESHOLD, 100).status).toBe('ok')
})
