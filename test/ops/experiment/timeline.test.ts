import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { timelineOf } from '../../../src/ops/experiment/timeline.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** What was done, and when. */
function recorded(steps: [name: string, atMs: number, forMs: number][], failing?: string) {
  const log: string[] = []
  const startMs = Date.now()
  const note = (what: string) => log.push(`${Date.now() - startMs} ${what}`)
  const ended = new Set<string>()
  const timeline = timelineOf(
    steps.map(([name, atMs, forMs]) => ({
      atMs,
      forMs,
      fault: { name },
      disturbance: {
        begin: async () => {
          note(`+${name}`)
          if (name === failing) throw new Error(`${name} cannot`)
        },
        end: async () => {
          if (!ended.has(name)) note(`-${name}`)
          ended.add(name)
        },
        witness: () => ({ witnessed: name !== 'unseen', evidence: `saw ${name}`, counts: { seen: 1 } }),
      },
    })),
  )
  return { timeline, log }
}

test('steps come and go by the clock, what ends before what begins', async () => {
  const { timeline, log } = recorded([
    ['a', 0, 100],
    ['b', 100, 200],
    ['c', 50, 100],
  ])
  await timeline.begin()
  await vi.advanceTimersByTimeAsync(299)
  expect(log).toEqual(['0 +a', '50 +c', '100 -a', '100 +b', '150 -c'])
  await timeline.end()
  expect(log.at(-1)).toBe('299 -b')
})

test('ended early, nothing begins any more and all is lifted; also twice, also without a beginning', async () => {
  const { timeline, log } = recorded([
    ['a', 0, 100],
    ['b', 100, 200],
  ])
  await timeline.begin()
  await vi.advanceTimersByTimeAsync(50)
  await timeline.end()
  await timeline.end()
  expect(vi.getTimerCount()).toBe(0)
  await vi.advanceTimersByTimeAsync(1000)
  expect(log).toEqual(['0 +a', '50 -a', '50 -b'])
  const unbegun = recorded([['a', 0, 100]])
  await unbegun.timeline.end()
  expect(unbegun.log).toEqual(['0 -a'])
})

test('what waits for its turn when all is ended does not begin any more', async () => {
  const begun: string[] = []
  const step = (name: string, atMs: number, takesMs: number) => ({
    atMs,
    forMs: 1000,
    fault: { name },
    disturbance: {
      begin: async () => {
        begun.push(name)
        await new Promise((resolve) => setTimeout(resolve, takesMs))
      },
      end: async () => undefined,
      witness: () => ({ witnessed: true, evidence: '', counts: {} }),
    },
  })
  const timeline = timelineOf([step('a', 0, 0), step('slow', 10, 100), step('late', 20, 0)])
  void timeline.begin()
  await vi.advanceTimersByTimeAsync(50)
  const ended = timeline.end()
  await vi.advanceTimersByTimeAsync(200)
  await ended
  expect(begun).toEqual(['a', 'slow'])
})

test('a step that cannot begin is told at the end, once everything is lifted', async () => {
  const { timeline, log } = recorded(
    [
      ['a', 0, 100],
      ['b', 100, 200],
    ],
    'b',
  )
  await timeline.begin()
  await vi.advanceTimersByTimeAsync(200)
  await expect(timeline.end()).rejects.toThrow('b cannot')
  expect(log).toEqual(['0 +a', '100 -a', '100 +b', '200 -b'])
})

test('it is witnessed when each of its steps is', () => {
  expect(
    recorded([
      ['a', 0, 1],
      ['b', 1, 1],
    ]).timeline.witness(),
  ).toEqual({
    witnessed: true,
    evidence: 'a: saw a; b: saw b',
    counts: { 'a.seen': 1, 'b.seen': 1 },
  })
  expect(
    recorded([
      ['a', 0, 1],
      ['unseen', 1, 1],
    ]).timeline.witness().witnessed,
  ).toBe(false)
})
