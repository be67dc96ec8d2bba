import { expect, test } from 'vitest'
import { createSource } from '../../../../src/ops/load/generator/source.js'

test('answers as many at a time as it has connections, in order, and tells when it was read', async () => {
  const source = createSource({ latencyMs: 4, connections: 3 }, 1)
  const answered: number[] = []
  await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      await source.load()
      // Each that has come after the first three began when one of those before it was answered.
      answered.push(index)
      expect(index - answered.length).toBeLessThan(3)
    }),
  )
  const loads = [...source.takeLoads()]
  expect(loads).toHaveLength(12)
  expect(loads).toEqual(loads.toSorted((left, right) => left - right))
  expect(source.takeLoads()).toHaveLength(0)
})

test('thousands that wait are all answered, and each commit is a new version', async () => {
  const source = createSource({ latencyMs: 0, connections: 1 }, 1)
  const versions = await Promise.all(Array.from({ length: 5000 }, () => source.commit()))
  expect(new Set(versions).size).toBe(5000)
  expect(await source.load()).toBe(Math.max(...versions))
  expect(source.takeLoads()).toHaveLength(1)
})
