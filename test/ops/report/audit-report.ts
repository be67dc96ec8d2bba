import type { AuditFinding, AuditReport } from '../../../src/ops/report/audit-report.js'

export function finding(change: Partial<AuditFinding> = {}): AuditFinding {
  return {
    rule: 'R4',
    severity: 'error',
    confidence: 'high',
    file: 'src/cache.ts',
    line: 3,
    column: 7,
    endLine: 3,
    endColumn: 12,
    symbol: 'createCache',
    fingerprint: '0123456789abcdef0123456789abcdef',
    message: 'createCache gives out something else when Redis is not configured.',
    remedy: 'Decide once and converge.',
    excerpt: '  if (redis) return new RedisCache(redis)',
    frame: {
      from: 1,
      lines: [
        "import { redis } from './redis'",
        'export function createCache() {',
        '  if (redis) return new RedisCache(redis)',
        '  return new MemoryCache()',
        '}',
      ],
    },
    fix: null,
    related: [],
    docs: 'docs/rules/R4.md',
    ...change,
  }
}

/** A report of rules R1, R4 and R8 with the findings given. */
export function auditReport(change: Partial<AuditReport> = {}): AuditReport {
  const findings = change.findings ?? []
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const rules = [
    { id: 'R1', title: 'factories return non-nullable types', severity: 'error' as const },
    { id: 'R4', title: 'factories do not branch on Redis', severity: 'error' as const },
    { id: 'R8', title: 'metrics are instrumented', severity: 'warn' as const },
  ]
  return {
    schema: 'cache.audit/1',
    command: 'audit',
    verdict: errors > 0 ? 'fail' : 'pass',
    paths: ['.'],
    failOn: 'error',
    directory: '',
    rules: rules.map((rule) => ({
      ...rule,
      confidence: 'high',
      findings: findings.filter((each) => each.rule === rule.id).length,
    })),
    checklist: [],
    findings,
    accepted: [],
    known: [],
    baseline: null,
    changed: null,
    off: [],
    maxWarnings: null,
    fixes: null,
    problems: [],
    summary: {
      files: 9,
      read: 4,
      skipped: 0,
      unresolvedImports: 0,
      unjudged: 0,
      errors,
      warnings: findings.length - errors,
    },
    ...change,
  }
}

export function manyFindings(count: number, change: Partial<AuditFinding> = {}): AuditFinding[] {
  return Array.from({ length: count }, (_, index) =>
    finding({ line: 3 + index, file: `src/file-${Math.floor(index / 5)}.ts`, ...change }),
  )
}
