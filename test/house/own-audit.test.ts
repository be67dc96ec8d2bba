import { expect, test } from 'vitest'
import { audit } from '../../src/ops/audit/audit.js'

test(
  'the audit of this repository finds nothing but what is careless on purpose, and reads all of it',
  { timeout: 60_000 },
  async () => {
    const report = await audit({ paths: ['.'] })
    expect(report.findings).toEqual([])
    expect(report.problems).toEqual([])
    expect(report.verdict).toBe('pass')
    expect(report.summary.unresolvedImports).toBe(0)
    expect(new Set(report.accepted.map(({ file, rule }) => `${file} ${rule}`))).toEqual(
      new Set([
        'examples/express-app/naive.mjs R11',
        'examples/modules/own-cache.mjs R11',
        'examples/modules/rate-limiter-flexible.mjs R4',
        'examples/modules/rate-limiter-flexible.mjs R10',
        'examples/modules/rate-limiter-flexible.mjs R11',
        'src/ops/experiment/subjects/naive-ioredis6.ts R11',
      ]),
    )
    expect(report.summary.read).toBeGreaterThan(100)
  },
)
