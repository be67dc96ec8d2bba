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
        'src/library/backends/operator.ts R8',
        'src/library/backends/redis-connection.ts R8',
        'src/library/backends/redis-connection.ts R9',
        'src/library/backends/redis.ts R5',
        'src/library/cache/value-writer.ts R3',
        'src/library/rate-limit/eviction-warning.ts R6',
        'src/library/rate-limit/self-check.ts R6',
        'src/ops/experiment/app/own-servers/keys-left.ts R9',
        'src/ops/experiment/fronts/pausable-server.ts R9',
        'src/ops/experiment/host/checks.ts R6',
        'src/ops/experiment/subjects/module/rehearse.ts R9',
        'src/ops/experiment/subjects/naive-ioredis6.ts R11',
        'src/ops/experiment/subjects/naive-limiter.ts R16',
        'src/ops/experiment/subjects/naive-upstash.ts R5',
        'src/ops/load/generator/cache-traffic.ts R9',
        'src/ops/testing/contract/checks/failing.ts R7',
        'src/ops/testing/contract/trial.ts R6',
        'src/ops/testing/contract/trial.ts R9',
      ]),
    )
    expect(report.summary.read).toBeGreaterThan(100)
  },
)
