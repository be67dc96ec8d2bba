import { expect, test } from 'vitest'
import { judge } from '../../../src/ops/load/judge.js'
import { parseSlo } from '../../../src/ops/load/slo/parse.js'
import { trafficReport } from '../../../src/ops/load/traffic-report.js'
import { runOf } from './runs.js'

const options = {
  families: [
    { id: 'conv', weight: 5, keys: 500 },
    { id: 'policy', weight: 1, keys: 100 },
  ] as never,
  limiter: { share: 0.1, identifiers: 10, skew: 0 },
  module: undefined,
  app: undefined,
  running: undefined,
}
const settings = { maxLatenessMs: 5, baseline: undefined }

test('a subject with records of its own is not said to be asked for families', () => {
  expect(trafficReport({ ...options, subject: 'stores' }, [])).toEqual({
    parts: [{ name: 'its own records', weight: 1, keys: 500 }],
    limiterShare: 0,
  })
  expect(trafficReport({ ...options, subject: 'library' }, []).parts).toHaveLength(2)
})

test('of a limiter alone there is no source that could be spared, and no family', () => {
  const run = runOf(() => ({ check: 'counted', from: 'none' }))
  const slo = parseSlo('db.qps < 1')
  const { phases, slos, inWords } = judge(run, [slo], settings)
  expect(trafficReport({ ...options, subject: 'library' }, phases)).toEqual({ parts: [], limiterShare: 1 })
  expect(phases.map(({ loads }) => loads)).toEqual([null, null, null])
  expect(slos[0]!.result).toBe('not judged')
  expect(inWords).not.toContain('database')
  expect(judge(runOf(), [slo], settings).phases[0]!.loads).toBeGreaterThan(0)
})
