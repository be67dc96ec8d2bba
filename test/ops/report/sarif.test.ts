import { createRequire } from 'node:module'
import Ajv from 'ajv'
import { expect, test } from 'vitest'
import { errorAnalysis } from '../../../src/ops/report/analysis.js'
import { auditAnalysis } from '../../../src/ops/report/audit-analysis.js'
import type { AuditReport } from '../../../src/ops/report/audit-report.js'
import { writeSarif } from '../../../src/ops/report/writers/sarif.js'
import { auditReport, finding, manyFindings } from './audit-report.js'
import { HOSTILE } from './hostile-digest.js'

const require = createRequire(import.meta.url)
const draft = require('ajv/lib/refs/json-schema-draft-04.json') as object
// The schema of OASIS, as Microsoft's matchers for Jest carry it.
const schema = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as object
const ajv = new Ajv({ schemaId: 'id', meta: false, allErrors: true, unknownFormats: 'ignore' })
ajv.addMetaSchema(draft)
const validate = ajv.compile(schema)
const pages = new Map([
  ['R4', '# R4: no branch\n\nBuild one thing. See [R1](R1.md) and\n[this](https://redis.io).\n\n## Bad\n'],
])

interface Log {
  runs: {
    tool: { driver: { rules: Record<string, unknown>[] } }
    results: Record<string, unknown>[]
    invocations: Record<string, unknown>[]
  }[]
}

/** What was written, held against the schema of OASIS. */
function logOf(report: AuditReport) {
  const log = JSON.parse(writeSarif(auditAnalysis(report, { version: '1.2.3', pages }))) as Log
  validate(log)
  expect(validate.errors).toBeNull()
  return log.runs[0]!
}

test('the schema refuses what is no log', () => {
  expect(validate({ version: '2.1.0', runs: [{ results: [{ level: 'bad' }] }] })).toBe(false)
})

test('a finding: rule, place from the root of the repository, fingerprint, related places', () => {
  const related = [{ file: 'src/redis.ts', line: 1, column: 1, what: 'made here' }]
  const run = logOf(auditReport({ directory: 'packages/my api', findings: [finding({ related })] }))
  expect(run.tool.driver.rules[1]).toMatchObject({
    id: 'R4',
    name: 'FactoriesDoNotBranchOnRedis',
    fullDescription: { text: 'Build one thing. See R1 and [this](https://redis.io).' },
    defaultConfiguration: { level: 'error' },
    properties: { precision: 'high' },
  })
  expect(run.results).toEqual([
    {
      ruleId: 'R4',
      ruleIndex: 1,
      level: 'error',
      message: {
        text: 'createCache gives out something else when Redis is not configured. Instead: Decide once and converge.',
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'packages/my%20api/src/cache.ts', uriBaseId: '%SRCROOT%' },
            region: {
              startLine: 3,
              startColumn: 7,
              endLine: 3,
              endColumn: 12,
              snippet: { text: '  if (redis) return new RedisCache(redis)' },
            },
          },
        },
      ],
      relatedLocations: [
        {
          id: 0,
          physicalLocation: {
            artifactLocation: { uri: 'packages/my%20api/src/redis.ts', uriBaseId: '%SRCROOT%' },
            region: { startLine: 1, startColumn: 1 },
          },
          message: { text: 'made here' },
        },
      ],
      partialFingerprints: { 'cacheAudit/v1': '0123456789abcdef0123456789abcdef' },
      suppressions: [],
    },
  ])
  expect(run.invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }])
})

test('what is accepted or known is there, suppressed where it was decided', () => {
  const accepted = (['comment', 'sanctioned'] as const).map((by) => ({
    ...finding(),
    by,
    reason: `by ${by}`,
  }))
  const baseline = { file: 'known.json', fixed: [], notLookedAt: 0, written: null }
  const { results } = logOf(auditReport({ accepted, known: [finding()], baseline }))
  expect(results).toMatchObject(
    [
      ['inSource', 'by comment'],
      ['external', 'by sanctioned'],
      ['external', 'known from known.json'],
    ].map(([kind, justification]) => ({
      message: { text: expect.stringContaining('createCache gives out') as string },
      partialFingerprints: { 'cacheAudit/v1': finding().fingerprint },
      suppressions: [{ kind, status: 'accepted', justification }],
    })),
  )
})

test('what lies outside the repository is not said to be in it', () => {
  const run = logOf(auditReport({ directory: 'api', findings: [finding({ file: '../../elsewhere/a.ts' })] }))
  expect(JSON.stringify(run.results)).toContain('"uri":"../elsewhere/a.ts"},')
})

test.each<[string, Partial<AuditReport>]>([
  ['interrupted', { interrupted: true }],
  ['nothing read', { verdict: 'inconclusive' }],
  [
    'something not judged',
    { verdict: 'fail', findings: [finding()], summary: { ...auditReport().summary, unjudged: 1 } },
  ],
])('%s: the execution was not successful', (_, change) => {
  expect(logOf(auditReport(change)).invocations).toMatchObject([{ executionSuccessful: false }])
})

test('problems and unresolved imports are notifications', () => {
  const problems = [{ file: 'src/a.ts', line: 2, column: 1, message: 'syntax error: ; expected' }]
  const summary = { ...auditReport().summary, unresolvedImports: 2 }
  const [invocation] = logOf(auditReport({ problems, summary })).invocations
  expect(invocation).toMatchObject({
    executionSuccessful: true,
    toolExecutionNotifications: [
      { level: 'warning', message: { text: 'syntax error: ; expected' } },
      { level: 'warning', message: { text: 'imports unresolved, what lies behind was not seen: 2' } },
    ],
  })
})

test('without a result it is a valid log of an execution that failed', () => {
  const error = { kind: 'bug' as const, code: 'X', message: 'rule R4 broke on src/a.ts', suggestions: [] }
  const log = JSON.parse(
    writeSarif(errorAnalysis({ schema: 'cache.audit/1', command: 'audit', verdict: 'inconclusive', error })),
  ) as Log
  validate(log)
  expect(validate.errors).toBeNull()
  expect(log.runs[0]!.invocations[0]).toMatchObject({ executionSuccessful: false })
  expect(JSON.stringify(log)).toContain('rule R4 broke on src/a.ts')
})

test('whatever stands in the code, the log is valid and commands nobody', () => {
  const findings = HOSTILE.map((text) => finding({ file: text, message: text, remedy: text, excerpt: text }))
  logOf(auditReport({ findings }))
  const text = writeSarif(auditAnalysis(auditReport({ findings }), { version: '1.2.3', pages }))
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]|##\[/)
})

test('five hundred findings', () => {
  expect(logOf(auditReport({ findings: manyFindings(500) })).results).toHaveLength(500)
})
