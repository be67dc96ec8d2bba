import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createOperations } from '../../../src/ops/experiment/host/operations.js'
import { createPacer } from '../../../src/ops/experiment/host/pacer.js'
import { monotonicMs } from '../../../src/ops/experiment/monotonic.js'
import { describeError, plainText } from '../../../src/ops/experiment/plain-text.js'
import type { SubjectCache } from '../../../src/ops/experiment/subjects/subject.js'
import type { PlannedOperation } from '../../../src/ops/experiment/workload.js'
import { warmUp } from '../../../src/ops/experiment/host/warm-up.js'

const read = (dueMs: number): PlannedOperation => ({ dueMs, kind: 'read', key: 'k', group: 'workload' })

function cacheThat(overrides: Partial<SubjectCache>): SubjectCache {
  const nothing = () => Promise.resolve()
  return { get: () => Promise.resolve(null), set: nothing, del: nothing, close: nothing, ...overrides }
}

describe('pacer', () => {
  test('starts operations when they are due, whatever became of earlier ones, and those that are late together', async () => {
    const originMs = monotonicMs()
    const started: { dueMs: number; atMs: number }[] = []
    const pacer = createPacer(originMs, ({ dueMs }) =>
      started.push({ dueMs, atMs: monotonicMs() - originMs }),
    )
    pacer.play([-50, -40, 20, 20.5, 60].map(read))
    await sleep(120)
    expect(started.map(({ dueMs }) => dueMs)).toEqual([-50, -40, 20, 20.5, 60])
    for (const { dueMs, atMs } of started) expect(atMs).toBeGreaterThanOrEqual(dueMs)
  })

  test('does not start anything once stopped', async () => {
    let started = 0
    const pacer = createPacer(monotonicMs(), () => (started += 1))
    pacer.play([0, 30, 40].map(read))
    pacer.stop()
    await sleep(60)
    expect(started).toBe(1)
  })
})

describe('operations', () => {
  const source = { load: () => Promise.resolve(4), commit: () => Promise.resolve(5) }
  const settle = async (cache: SubjectCache, kind: PlannedOperation['kind'] = 'read') => {
    const operations = createOperations('main', cache, source, () => 7)
    operations.start({ ...read(3), kind })
    await sleep(5)
    return { settled: operations.takeSettled(), pending: operations.pending() }
  }

  test.each([
    [
      'a hit',
      cacheThat({ get: () => Promise.resolve({ key: 'k', version: 2 }) }),
      { source: 'hit', version: 2 },
    ],
    ['a miss', cacheThat({}), { source: 'load', version: 4 }],
    [
      'an answer of another key',
      cacheThat({ get: () => Promise.resolve({ key: 'x', version: 2 }) }),
      { source: 'hit', version: 2, foreignKey: 'x' },
    ],
    ['garbage', cacheThat({ get: () => Promise.resolve('what?') }), { source: 'hit', version: null }],
    [
      'an error',
      cacheThat({ get: () => Promise.reject(new Error('boom\u001b[31m')) }),
      { error: 'Error: boom', version: null, endMs: 7 },
    ],
  ])('a read: %s', async (_, cache, expected) => {
    const { settled } = await settle(cache)
    expect(settled).toEqual([expect.objectContaining({ dueMs: 3, startMs: 7, process: 'main', ...expected })])
  })

  test.each([
    ['one object', (value: object) => value, [undefined, true]],
    ['a copy each', (value: object) => ({ ...value }), [undefined, undefined]],
    ['one that cannot be changed', (value: object) => Object.freeze(value), [undefined, undefined]],
  ])('two callers who are given %s, each of whom changes what is his', async (_, given, shared) => {
    const value = { key: 'k', version: 2 }
    const cache = cacheThat({ readThrough: () => Promise.resolve({ value: given(value), loaded: true }) })
    const operations = createOperations('main', cache, source, () => 7)
    for (const dueMs of [3, 4]) operations.start({ ...read(dueMs), group: 'joined' })
    await sleep(5)
    expect(operations.takeSettled().map((each) => each.shared)).toEqual(shared)
  })

  test('a write that never returns is pending and has its version', async () => {
    const never = () => new Promise<void>(() => undefined)
    for (const kind of ['put', 'invalidate'] as const) {
      const { settled, pending } = await settle(cacheThat({ set: never, del: never }), kind)
      expect(settled).toEqual([])
      expect(pending).toEqual([expect.objectContaining({ kind, version: 5, endMs: null, error: null })])
    }
  })

  test('what settles after it was reported as pending stays pending', async () => {
    const late = cacheThat({ get: () => sleep(20, null) })
    const operations = createOperations('main', late, source, () => 7)
    operations.start(read(3))
    expect(operations.inFlight()).toBe(1)
    expect(operations.pending()).toHaveLength(1)
    await sleep(40)
    expect(operations.takeSettled()).toEqual([])
  })
})

test('text of a subject loses everything that a terminal would obey, and is kept short', () => {
  expect(plainText('\u001b[31mred\u001b[0m\r\n\u0007bell\u001b]0;title\u0007!')).toBe('red bell!')
  expect(plainText('x'.repeat(500))).toHaveLength(200)
  expect(describeError('a string')).toBe('a string')
})

describe('warm-up', () => {
  const source = { load: () => Promise.resolve(1) }
  const subject = (get: () => Promise<unknown>) => ({
    get,
    set: () => Promise.resolve(),
    del: () => Promise.resolve(),
    close: () => undefined,
  })
  const keys = Array.from({ length: 10 }, (_, index) => `${index}`)

  test('gives up a subject that is slow and never hits, before the time is over', async () => {
    const slow = subject(() => sleep(30, null))
    const outcome = await warmUp(slow, source, { keys, atOnce: 1, deadlineMs: 2000 })
    expect(outcome).toEqual({ settled: true, hitRatio: 0 })
  })

  test('does not take a subject that hangs for one that is warm', async () => {
    const hung = subject(() => new Promise(() => undefined))
    const outcome = await warmUp(hung, source, { keys, atOnce: 5, deadlineMs: 100 })
    expect(outcome).toEqual({ settled: false, hitRatio: 0 })
  })

  test('ends when nearly everything hits', async () => {
    let asked = 0
    const warm = subject(() => Promise.resolve((asked += 1) > keys.length ? {} : null))
    expect(await warmUp(warm, source, { keys, atOnce: 5, deadlineMs: 5000 })).toEqual({
      settled: true,
      hitRatio: 1,
    })
    expect(asked).toBe(2 * keys.length)
  })
})
