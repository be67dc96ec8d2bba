import { expect, test } from 'vitest'
import { audit } from '../../src/ops/audit/audit.js'

// What most services run, for drills to fail on.
const ON_PURPOSE = ['examples/*/naive.mjs', 'examples/modules/**']

test(
  'the audit of this repository finds nothing but what is careless on purpose, and reads all of it',
  { timeout: 60_000 },
  async () => {
    const report = await audit({ paths: ['.'], policy: { ignore: ON_PURPOSE } })
    expect(report.findings).toEqual([])
    expect(report.problems).toEqual([])
    expect(report.verdict).toBe('pass')
    expect(report.summary.unresolvedImports).toBe(0)
    expect(new Set(report.accepted.map(({ file, rule }) => `${file} ${rule}`))).toEqual(
      new Set([
        'src/library/backends/operator.ts R5',
        'src/library/backends/redis.ts R5',
        'src/ops/experiment/subjects/naive-ioredis6.ts R11',
        'src/ops/experiment/subjects/naive-limiter.ts R16',
        'src/ops/experiment/subjects/naive-upstash.ts R5',
      ]),
    )
    expect(report.summary.read).toBeGreaterThan(100)
  },
)
