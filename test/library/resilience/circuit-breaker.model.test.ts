import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'
import { CircuitBreaker, type BreakerState } from '../../../src/library/resilience/circuit-breaker.js'

type Step =
  | { do: 'succeed' | 'fail' | 'misconfigured' | 'probe-ok' | 'probe-fails' | 'start-probe' | 'back' }
  | { do: 'wait'; ms: number }

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 24, arbitrary: fc.constant<Step>({ do: 'succeed' }) },
  { weight: 24, arbitrary: fc.constant<Step>({ do: 'fail' }) },
  ...(['misconfigured', 'probe-ok', 'probe-fails', 'start-probe', 'back'] as const).map((name) => ({
    weight: 2,
    arbitrary: fc.constant<Step>({ do: name }),
  })),
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 6000 }).map((ms): Step => ({ do: 'wait', ms })) },
)
const anyOptions = fc.record({
  failures: fc.integer({ min: 1, max: 6 }),
  openMs: fc.integer({ min: 1, max: 2000 }),
  growth: fc.integer({ min: 0, max: 8000 }),
})

/** What the breaker is to do, written as a history that is judged anew at each step. */
class Model {
  state: BreakerState = 'closed'
  /** Outcomes since it last closed, with when they came. */
  history: { at: number; failed: boolean }[] = []

  constructor(readonly failures: number) {}

  record(at: number, failed: boolean): boolean {
    if (this.state !== 'closed') return false
    this.history.push({ at, failed })
    if (!failed) return false
    const inARow = this.history.length - 1 - this.history.findLastIndex((outcome) => !outcome.failed)
    if (inARow < this.failures && !this.#halfFailed(at)) return false
    this.state = 'open'
    this.history = []
    return true
  }

  /** Windows of 10 s, each from a failure on that the last one did not hold. */
  #halfFailed(now: number): boolean {
    let start = -Infinity
    for (const { at, failed } of this.history) if (failed && at - start >= 10_000) start = at
    const first = this.history.findIndex(({ at, failed }) => failed && at === start)
    const window = this.history.slice(first)
    const failed = window.filter((outcome) => outcome.failed).length
    return now - start < 10_000 && window.length >= 4 * this.failures && failed * 2 >= window.length
  }
}

test('follows the model through any history, and every wait is within its bounds', async () => {
  await fc.assert(
    fc.asyncProperty(anyOptions, fc.array(anyStep, { maxLength: 200 }), async (drawn, steps) => {
      const { failures, openMs, growth } = drawn
      const options = { failures, openMs, maxOpenMs: openMs + growth }
      const clock = createVirtualClock()
      const breaker = new CircuitBreaker(options, clock)
      const model = new Model(failures)
      const judgeWait = (minutes: boolean) => {
        const wait = breaker.probeAt - clock.now()
        expect(wait).toBeLessThanOrEqual(1.2 * (minutes ? 60_000 : options.maxOpenMs) + 1e-6)
        expect(wait).toBeGreaterThanOrEqual(0.8 * (minutes ? 60_000 : openMs) - 1e-6)
      }
      for (const step of steps) {
        const now = clock.now()
        switch (step.do) {
          case 'wait':
            await clock.advance(step.ms)
            break
          case 'succeed':
            breaker.recordSuccess()
            model.record(now, false)
            break
          case 'fail':
          case 'misconfigured': {
            const kind = step.do === 'fail' ? 'failure' : 'configuration'
            const opened = breaker.recordFailure(kind)
            expect(opened).toBe(model.record(now, true))
            if (opened) judgeWait(kind === 'configuration')
            break
          }
          case 'start-probe':
            expect(breaker.startProbe()).toBe(model.state === 'open')
            if (model.state === 'open') model.state = 'half-open'
            break
          case 'probe-ok':
            breaker.probeSucceeded()
            if (model.state === 'half-open') model.state = 'closed'
            break
          case 'probe-fails':
            breaker.probeFailed()
            if (model.state === 'half-open') {
              model.state = 'open'
              judgeWait(false)
            }
            break
          case 'back':
            breaker.connectionBack()
        }
        expect(breaker.state).toBe(model.state)
      }
    }),
    { numRuns: 500 },
  )
})
