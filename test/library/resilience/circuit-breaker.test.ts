import { describe, expect, test } from 'vitest'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'
import { CircuitBreaker } from '../../../src/library/resilience/circuit-breaker.js'

const options = { failures: 3, openMs: 500, maxOpenMs: 2000 }
const make = (random = () => 0.5) => {
  const clock = createVirtualClock()
  return { clock, breaker: new CircuitBreaker(options, clock, random) }
}
const trip = (breaker: CircuitBreaker) => {
  for (let i = 0; i < options.failures; i++) breaker.recordFailure()
}

describe('closed', () => {
  test('opens with the last of the failures in a row, and says so once', () => {
    const { breaker } = make()
    expect([breaker.recordFailure(), breaker.recordFailure(), breaker.state]).toEqual([
      false,
      false,
      'closed',
    ])
    expect([breaker.recordFailure(), breaker.state]).toEqual([true, 'open'])
  })

  test('a success in between starts the count again', () => {
    const { breaker } = make()
    breaker.recordFailure()
    breaker.recordFailure()
    breaker.recordSuccess()
    breaker.recordFailure()
    breaker.recordFailure()
    expect(breaker.state).toBe('closed')
  })

  // Twelve calls are four times as many as the failures in a row that open it.
  test.each([
    ['F.F.F.F.F..F', 'open', 'half of twelve'],
    ['F.F.F.F..F.', 'closed', 'half of eleven'],
    ['F.F.F.F...F.', 'closed', 'less than half of twelve'],
    ['............F.F.F.F.F', 'closed', 'what came before the first failure does not count'],
  ])('%s leaves it %s: %s', (calls, state) => {
    const { breaker } = make()
    for (const call of calls) {
      if (call === 'F') breaker.recordFailure()
      else breaker.recordSuccess()
    }
    expect(breaker.state).toBe(state)
  })

  test('a rate below half never opens it', () => {
    const { breaker } = make()
    for (let i = 0; i < 3000; i++) {
      if (i % 3 === 0) breaker.recordFailure()
      else breaker.recordSuccess()
    }
    expect(breaker.state).toBe('closed')
  })

  test('what failed more than 10 s ago does not count towards the rate', async () => {
    const callsIn = async (ms: number) => {
      const { breaker, clock } = make()
      for (const call of 'F.F.F.F.F.') {
        if (call === 'F') breaker.recordFailure()
        else breaker.recordSuccess()
      }
      await clock.advance(ms)
      for (const call of '.F') {
        if (call === 'F') breaker.recordFailure()
        else breaker.recordSuccess()
      }
      return breaker.state
    }
    expect([await callsIn(9999), await callsIn(10_000)]).toEqual(['open', 'closed'])
  })

  test('nobody probes', () => {
    expect(make().breaker.startProbe()).toBe(false)
  })
})

describe('open', () => {
  test('the wait is openMs ± 20 %', () => {
    for (const [random, expected] of [
      [0, 400],
      [0.5, 500],
      [1, 600],
    ] as const) {
      const { breaker } = make(() => random)
      trip(breaker)
      expect(breaker.probeAt).toBeCloseTo(expected)
    }
  })

  test('credentials and quotas are looked at again after a minute ± 20 %, however often the probe fails', () => {
    const { breaker, clock } = make(() => 1)
    for (let i = 0; i < options.failures; i++) breaker.recordFailure('configuration')
    expect(breaker.probeAt).toBeCloseTo(72_000)
    breaker.startProbe()
    breaker.probeFailed('configuration')
    expect(breaker.probeAt - clock.now()).toBeCloseTo(72_000)
    breaker.startProbe()
    breaker.probeFailed('failure')
    expect(breaker.probeAt - clock.now()).toBeLessThan(options.maxOpenMs * 1.3)
  })

  test('a backend that says it cannot serve yet is looked at again after openMs, however long that takes', () => {
    const { breaker, clock } = make()
    trip(breaker)
    for (let i = 0; i < 5; i++) {
      breaker.startProbe()
      breaker.probeFailed('notYet')
      expect(breaker.probeAt - clock.now()).toBeCloseTo(options.openMs)
    }
    breaker.startProbe()
    breaker.probeFailed()
    expect(breaker.probeAt - clock.now()).toBeCloseTo(2 * options.openMs)
  })

  test('calls that were in flight when it opened cannot extend the wait, nor close it', async () => {
    const { breaker, clock } = make()
    trip(breaker)
    const { probeAt } = breaker
    await clock.advance(300)
    expect(breaker.recordFailure()).toBe(false)
    breaker.recordSuccess()
    expect([breaker.state, breaker.probeAt]).toEqual(['open', probeAt])
  })

  test('exactly one may probe', () => {
    const { breaker } = make()
    trip(breaker)
    expect([breaker.startProbe(), breaker.startProbe(), breaker.state]).toEqual([true, false, 'half-open'])
  })
})

describe('half-open', () => {
  test('a good probe closes it and the next trip waits openMs again', () => {
    const { breaker } = make()
    trip(breaker)
    breaker.startProbe()
    breaker.probeFailed()
    breaker.startProbe()
    breaker.probeSucceeded()
    expect(breaker.state).toBe('closed')
    trip(breaker)
    expect(breaker.probeAt).toBeCloseTo(500)
  })

  test('each failed probe doubles the wait, up to the most', () => {
    const { breaker, clock } = make()
    trip(breaker)
    const waits: number[] = []
    for (let i = 0; i < 4; i++) {
      breaker.startProbe()
      breaker.probeFailed()
      waits.push(Math.round(breaker.probeAt - clock.now()))
    }
    expect(waits).toEqual([1000, 2000, 2000, 2000])
  })

  test('the outcome of an old call changes nothing', () => {
    const { breaker } = make()
    trip(breaker)
    breaker.startProbe()
    expect(breaker.recordFailure()).toBe(false)
    breaker.recordSuccess()
    expect(breaker.state).toBe('half-open')
  })
})
