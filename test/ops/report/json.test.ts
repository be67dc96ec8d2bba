import { expect, it } from 'vitest'
import { EnvironmentError, SafetyError, UsageError } from '../../../src/ops/report/errors.js'
import type { Report } from '../../../src/ops/report/report.js'
import { writeJson } from '../../../src/ops/report/writers/json.js'

const report: Report = { schema: 'cache.x/1', command: 'x', verdict: 'pass' }

it('is one document that ends in a newline', () => {
  const text = writeJson(report)
  expect(JSON.parse(text)).toEqual(report)
  expect(text.endsWith('}\n')).toBe(true)
})

it('never is null where there was a falsy number', () => {
  expect(JSON.parse(writeJson({ ...report, worstMs: 0, none: null } as Report))).toMatchObject({
    worstMs: 0,
    none: null,
  })
})

it('errors are sorted by who must act, and carry their cause beside the words', () => {
  const cause = new Error('ECONNREFUSED')
  const error = new EnvironmentError('UNREACHABLE', 'Redis does not answer.', ['start it'], { cause })
  expect(error).toMatchObject({ name: 'EnvironmentError', kind: 'environment', code: 'UNREACHABLE', cause })
  expect([new UsageError('A', '').kind, new SafetyError('B', '').kind]).toEqual(['usage', 'safety'])
})
