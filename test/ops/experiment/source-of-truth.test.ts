import { expect, test } from 'vitest'
import { createSourceOfTruth } from '../../../src/ops/experiment/source-of-truth.js'
import { monotonicMs } from '../../../src/ops/experiment/monotonic.js'

test('versions start at 1 and grow by one with each commit', async () => {
  const source = createSourceOfTruth(1)
  expect(await source.load('a', 'main')).toBe(1)
  expect(await source.commit('a', 'main')).toBe(2)
  expect(await source.commit('a', 'second')).toBe(3)
  expect(await source.load('a', 'second')).toBe(3)
  expect(await source.load('b', 'main')).toBe(1)
})

test('answers arrive in the order of the commits', async () => {
  const source = createSourceOfTruth(7)
  const answers: number[] = []
  await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      (index % 3 === 0 ? source.commit('a', 'main') : source.load('a', 'main')).then((version) =>
        answers.push(version),
      ),
    ),
  )
  expect(answers).toEqual([...answers].sort((left, right) => left - right))
})

test('records reads, commits and acknowledgements once it is asked to', async () => {
  const source = createSourceOfTruth(1)
  await source.load('a', 'main')
  source.recordFrom(monotonicMs())
  await source.load('a', 'main')
  await source.commit('a', 'second')
  source.acknowledge('a', 2, 40)
  source.acknowledge('a', 9, 50)
  expect(source.loads).toEqual([{ key: 'a', process: 'main', atMs: expect.any(Number) as number }])
  expect(source.writes).toEqual([
    {
      key: 'a',
      version: 2,
      process: 'second',
      committedMs: expect.any(Number) as number,
      acknowledgedMs: 40,
    },
  ])
})

test('a load of a raced key answers what was there when it began', async () => {
  const source = createSourceOfTruth(1)
  const overtaken = source.load('drill:raced:0', 'main')
  expect(await source.commit('drill:raced:0', 'second')).toBe(2)
  expect(await overtaken).toBe(1)
  expect(await source.load('drill:raced:0', 'main')).toBe(2)
})
