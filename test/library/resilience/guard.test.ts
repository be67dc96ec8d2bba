import { describe, expect, test } from 'vitest'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'
import { Guard, type GuardOptions } from '../../../src/library/resilience/guard.js'

const never = () => new Promise<never>(() => undefined)
const fails = () => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))
const works = () => Promise.resolve('value')

function make(overrides: Partial<GuardOptions> = {}) {
  const clock = createVirtualClock()
  const log: string[] = []
  let back = false
  let ready: () => void = () => undefined
  const guard = new Guard({
    clock,
    deadlineMs: 100,
    breaker: { failures: 3, openMs: 500, maxOpenMs: 2000 },
    probe: () => {
      log.push(`probe at ${clock.now()}`)
      return back ? works() : fails()
    },
    onReady: (listener) => {
      ready = listener
      return () => (ready = () => undefined)
    },
    ...overrides,
  })
  const trip = async () => {
    for (let i = 0; i < 3; i++) await guard.run(fails, 100)
  }
  return { clock, guard, log, trip, comeBack: () => (back = true), connectionReady: () => ready() }
}

describe('run', () => {
  test.each([
    ['a value', works, { ok: true, value: 'value' }],
    ['no promise at all', (() => 'plain') as never, { ok: true, value: 'plain' }],
    ['a rejection', fails, { ok: false, result: 'error', errorType: 'ECONNREFUSED' }],
    [
      'a synchronous throw',
      () => {
        throw new TypeError('backend.get is not a function')
      },
      { ok: false, result: 'error', errorType: 'TypeError' },
    ],
    [
      'a promise that cannot be looked at',
      () =>
        Object.defineProperty(Promise.resolve('x'), 'constructor', {
          get: () => {
            throw new RangeError('hostile')
          },
        }) as Promise<string>,
      { ok: false, result: 'error', errorType: 'RangeError' },
    ],
    [
      'an error that cannot be looked at',
      () =>
        Promise.reject(
          Object.defineProperty(new Error('x'), 'code', {
            get: () => {
              throw new RangeError('hostile')
            },
          }) as Error,
        ),
      { ok: false, result: 'error', errorType: 'unknown' },
    ],
    [
      'a rejection with nothing',
      () => Promise.reject(undefined),
      { ok: false, result: 'error', errorType: 'unknown' },
    ],
  ])('never rejects: %s', async (_, operation, expected) => {
    expect(await make().guard.run(operation, 100)).toMatchObject(expected)
  })

  test('an operation without an end is let go at its deadline', async () => {
    const { clock, guard } = make()
    const outcome = guard.run(never, 100)
    await clock.advance(100)
    expect(await outcome).toMatchObject({ ok: false, result: 'timeout', errorType: 'DEADLINE' })
  })

  test('a rejection after the deadline is consumed', async () => {
    const { clock, guard } = make()
    let reject: (error: Error) => void = () => undefined
    const outcome = guard.run(() => new Promise<never>((_, no) => (reject = no)), 100)
    await clock.advance(100)
    await outcome
    // An unhandled rejection would fail the run.
    reject(new Error('late'))
    await clock.advance(1)
  })
})

describe('the breaker', () => {
  test('opens, and lets everybody go who still waits', async () => {
    const { guard, trip } = make()
    const waiting = guard.run(never, 100)
    await trip()
    expect(guard.breakerState).toBe('open')
    expect(await waiting).toMatchObject({ result: 'short_circuit', errorType: 'BREAKER_OPEN' })
  })

  test('while it is open the backend is not asked', async () => {
    const { guard, trip } = make()
    await trip()
    let asked = 0
    const outcome = await guard.run(() => Promise.resolve(asked++), 100)
    expect([outcome.ok, asked]).toEqual([false, 0])
  })

  test('refused writes and mistakes of the embedder never open it', async () => {
    const { guard } = make()
    const oom = () =>
      Promise.reject(Object.assign(new Error('OOM command not allowed'), { name: 'ReplyError' }))
    for (let i = 0; i < 20; i++) {
      expect(await guard.run(oom, 100)).toMatchObject({ result: 'refused', backendFailed: false })
      await guard.run((() => (undefined as never as { x(): never }).x()) as never, 100)
    }
    expect(guard.breakerState).toBe('closed')
  })

  test('an answer that says credentials or quota has it wait for a minute, unless a connection is made', async () => {
    const noAuth = () =>
      Promise.reject(Object.assign(new Error('NOAUTH Authentication required.'), { name: 'ReplyError' }))
    const { clock, guard, log, connectionReady, comeBack } = make()
    for (let i = 0; i < 3; i++) await guard.run(noAuth, 100)
    expect([guard.breakerState, guard.cause]).toEqual(['open', 'NOAUTH'])
    await clock.advance(40_000)
    expect(log).toEqual([])
    comeBack()
    connectionReady()
    await clock.advance(0)
    expect([guard.breakerState, guard.cause]).toEqual(['closed', null])
  })

  test('what others must hear of is not kept for that minute', async () => {
    const noAuth = () =>
      Promise.reject(Object.assign(new Error('NOAUTH Authentication required.'), { name: 'ReplyError' }))
    const { clock, guard, log } = make({
      probe: () => {
        log.push(`probe at ${clock.now()}`)
        return noAuth()
      },
    })
    let isDelivered = false
    guard.addRecoveryTask(() => {
      isDelivered = true
      return Promise.resolve('done')
    })
    for (let i = 0; i < 3; i++) await guard.run(noAuth, 100)
    await clock.advance(5000)
    expect(log).toEqual([])
    guard.recoverSoon()
    await clock.advance(20_000)
    // openMs is over by then; from there on the waits double up to maxOpenMs, ± 20 %.
    const at = log.map((line) => Number(line.split(' ')[2]))
    expect(at[0]).toBe(5000)
    expect(at.length).toBeGreaterThan(20_000 / 2400)
    expect(isDelivered).toBe(false)
  })

  test('an event loop that stood still never opens it', async () => {
    const { guard } = make({ clock: (await import('../../../src/library/kernel/clock.js')).systemClock })
    for (let i = 0; i < 6; i++) {
      const outcome = guard.run(never, 10)
      const end = performance.now() + 30
      while (performance.now() < end);
      expect(await outcome).toMatchObject({ result: 'timeout', errorType: 'EVENT_LOOP_STALL' })
    }
    expect(guard.breakerState).toBe('closed')
    guard.close()
  })
})

describe('recovery', () => {
  test('probes in the background with growing pauses, never on a caller’s time', async () => {
    const { clock, guard, log, trip } = make({})
    await trip()
    await clock.advance(10_000)
    const at = log.map((line) => Number(line.split(' ')[2]))
    const pauses = at.map((time, index) => time - (at[index - 1] ?? 0))
    expect(pauses.length).toBeGreaterThanOrEqual(5)
    // 500, 1000, 2000, 2000 … ± 20 %
    ;[500, 1000, 2000, 2000].forEach((expected, index) => {
      expect(pauses[index]).toBeGreaterThanOrEqual(expected * 0.8)
      expect(pauses[index]).toBeLessThanOrEqual(expected * 1.2)
    })
    expect(guard.breakerState).toBe('open')
  })

  test('the pauses do not grow while the backend says itself that it cannot serve yet', async () => {
    let probes = 0
    const { clock, trip } = make({
      probe: () => {
        probes++
        return Promise.reject(Object.assign(new Error('LOADING Redis is loading'), { name: 'ReplyError' }))
      },
    })
    await trip()
    await clock.advance(10_000)
    // 500 ms ± 20 %; growing to 2 s there would be eight at most.
    expect(probes).toBeGreaterThanOrEqual(15)
    expect(probes).toBeLessThanOrEqual(25)
  })

  test('nor while it answers the probe, and says that to what waits', async () => {
    let runs = 0
    const { clock, guard, trip, comeBack } = make({})
    const down = Object.assign(new Error('CLUSTERDOWN The cluster is down'), { name: 'ReplyError' })
    guard.addRecoveryTask(async () => {
      runs++
      const { ok } = await guard.runDuringRecovery(() => Promise.reject(down), 100)
      return ok ? 'done' : 'failed'
    })
    await trip()
    comeBack()
    await clock.advance(10_000)
    expect(runs).toBeGreaterThanOrEqual(15)
    expect(runs).toBeLessThanOrEqual(25)
  })

  test('a connection that becomes ready is probed at once', async () => {
    const { clock, guard, log, trip, comeBack, connectionReady } = make()
    await trip()
    comeBack()
    connectionReady()
    await clock.advance(1)
    expect([log.length, guard.breakerState]).toEqual([1, 'closed'])
  })

  test('a connection that is back but not well yet is looked at again soon, however long the outage was', async () => {
    const { clock, guard, log, trip, comeBack, connectionReady } = make({
      breaker: { failures: 3, openMs: 500, maxOpenMs: 10_000 },
    })
    await trip()
    await clock.advance(60_000)
    log.length = 0
    connectionReady()
    await clock.advance(1)
    expect([log.length, guard.breakerState]).toEqual([1, 'open'])
    comeBack()
    await clock.advance(600)
    expect([log.length, guard.breakerState]).toEqual([2, 'closed'])
  })

  test('tasks run after the probe and before callers are let through', async () => {
    const { clock, guard, log, trip, comeBack } = make()
    let finish: (result: 'done') => void = () => undefined
    guard.addRecoveryTask(() => {
      log.push('task')
      return new Promise((resolve) => (finish = resolve))
    })
    await trip()
    comeBack()
    await clock.advance(700)
    expect(log.at(-1)).toBe('task')
    expect(await guard.run(works, 100)).toMatchObject({ result: 'short_circuit' })
    finish('done')
    await clock.advance(1)
    expect(await guard.run(works, 100)).toMatchObject({ ok: true })
  })

  test.each([
    ['failed', 'open'],
    ['declined', 'closed'],
  ] as const)('a task that %s leaves the breaker %s, and is run again', async (result, state) => {
    const { clock, guard, trip, comeBack } = make()
    let runs = 0
    guard.addRecoveryTask(() => {
      runs++
      return Promise.resolve(result)
    })
    await trip()
    comeBack()
    await clock.advance(650)
    expect([runs, guard.breakerState]).toEqual([1, state])
    await clock.advance(3000)
    expect(runs).toBeGreaterThan(1)
  })

  test('with a closed breaker, or none, recoverSoon has the tasks run', async () => {
    for (const breaker of [{ failures: 3, openMs: 500, maxOpenMs: 2000 }, false] as const) {
      const { clock, guard, comeBack } = make({ breaker })
      let runs = 0
      guard.addRecoveryTask(() => Promise.resolve(runs++ === 0 ? 'declined' : 'done'))
      comeBack()
      guard.recoverSoon()
      await clock.advance(500)
      expect(runs).toBe(1)
      await clock.advance(5000)
      expect(runs).toBe(2)
      expect(clock.pendingTimers).toBe(0)
    }
  })

  test('close leaves no timer behind', async () => {
    const { clock, guard, trip } = make()
    await trip()
    guard.close()
    expect(clock.pendingTimers).toBe(0)
  })
})
