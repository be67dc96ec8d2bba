import { expect, test } from 'vitest'
import { auditDigest } from '../../../src/ops/report/audit-digest.js'
import { auditSuite } from '../../../src/ops/report/audit-suite.js'
import type { ChecklistItem } from '../../../src/ops/report/audit-report.js'
import { writeGithub } from '../../../src/ops/report/writers/github.js'
import { writeJunit } from '../../../src/ops/report/writers/junit.js'
import { writeMarkdown } from '../../../src/ops/report/writers/markdown.js'
import { auditReport, finding, manyFindings } from './audit-report.js'

const item: ChecklistItem = {
  number: 4,
  item: 'No conditional logic on Redis in factory functions',
  result: 'fail',
  rules: ['R4'],
  notApplied: [],
  findings: 1,
  sites: 0,
  evidence: [{ file: 'src/cache.ts', line: 3, column: 7, what: 'it' }],
  because: '1 finding',
}
const warning = finding({ rule: 'R8', severity: 'warn', line: 9, message: 'Nobody counts.' })

test('GitHub: each finding at its place in the repository', () => {
  const report = auditReport({ directory: 'api', findings: [finding(), warning] })
  expect(writeGithub(auditDigest(report))).toBe(
    [
      '::error file=api/src/cache.ts,line=3,col=7,title=R4 factories do not branch on Redis::FAIL: createCache gives out something else when Redis is not configured.%0AFix: Decide once and converge.',
      '::warning file=api/src/cache.ts,line=9,col=7,title=R8 metrics are instrumented::warn: Nobody counts.%0AFix: Decide once and converge.',
      'cache audit: FAIL: 1 error, 1 warning in 9 files, 4 of them about caching, by 3 rules; exit code 1: 1 finding at --fail-on error',
      '',
    ].join('\n'),
  )
})

test('GitHub: what it does not show is counted', () => {
  const findings = [...manyFindings(13), ...manyFindings(11, { rule: 'R8', severity: 'warn' })]
  const text = writeGithub(auditDigest(auditReport({ findings })))
  expect(text).toContain('only in this log: 3 errors, 1 warning more\n')
  expect(writeGithub(auditDigest(auditReport({ findings: manyFindings(10) })))).not.toContain(
    'only in this log',
  )
})

test('Markdown: the checklist first, then the findings with their places', () => {
  const text = writeMarkdown(auditDigest(auditReport({ findings: [finding()], checklist: [item] })))
  expect(text).toContain(
    '| review checklist | result | because | such as |\n| --- | --- | --- | --- |\n| 4. No cond',
  )
  expect(text.indexOf('review checklist')).toBeLessThan(text.indexOf('`src/cache.ts:3`'))
})

test('Markdown: more than a comment holds is cut, and said', () => {
  const text = writeMarkdown(auditDigest(auditReport({ findings: manyFindings(900), checklist: [item] })))
  expect(text.length).toBeLessThanOrEqual(65_536)
  expect(text.length).toBeGreaterThan(64_000)
  const left = Number(/(\d+) of 900 findings are not shown/.exec(text)?.[1])
  expect(text.match(/^\| FAIL \|/gm)).toHaveLength(900 - left)
  expect(text).toMatch(/Next: `cache explain R4`/)
})

test('JUnit: a test for each rule and file, as failed as the exit code says', () => {
  const findings = [finding(), finding({ line: 8 }), warning, finding({ file: 'src/other.ts' })]
  const { cases } = auditSuite(auditReport({ findings }))
  expect(cases.map(({ name, group, result }) => [name, group, result])).toEqual([
    ['R4 factories do not branch on Redis', 'src/cache.ts', 'failed'],
    ['R8 metrics are instrumented', 'src/cache.ts', 'passed'],
    ['R4 factories do not branch on Redis', 'src/other.ts', 'failed'],
    ['R1 factories return non-nullable types', 'cache audit', 'passed'],
  ])
  expect(cases[0]).toMatchObject({
    file: 'src/cache.ts',
    line: 3,
    message: expect.stringMatching(/^FAIL: 2 findings: /) as string,
    details: expect.stringMatching(/src\/cache\.ts:3:7 .*\nsrc\/cache\.ts:8:7 /) as string,
  })
  expect(new Set(cases.map(({ name, group }) => `${group} ${name}`)).size).toBe(cases.length)
})

test('JUnit: an audit that proves nothing is an error, never green', () => {
  const problems = [{ file: 'src/closed', line: 1, column: 1, message: 'this directory cannot be read' }]
  const summary = { ...auditReport().summary, unjudged: 1 }
  expect(writeJunit(auditSuite(auditReport({ verdict: 'inconclusive', problems, summary })))).toContain(
    'errors="1"',
  )
  expect(writeJunit(auditSuite(auditReport({ verdict: 'inconclusive' })))).toContain('errors="1"')
})

test('what was not counted is said, and why', () => {
  const accepted = (['comment', 'sanctioned'] as const).map((by) => ({ ...finding(), by, reason: 'so' }))
  const entry = { rule: 'R1', file: 'a.ts', symbol: 'a', fingerprint: '0' }
  const { facts } = auditDigest(
    auditReport({
      accepted,
      known: manyFindings(3),
      baseline: { file: 'known.json', fixed: [entry], notLookedAt: 0, written: null },
      changed: { since: 'main', commit: '0', files: 1, unchanged: 4 },
      off: ['R2', 'R3'],
      fixes: { written: true, applied: [{ ...finding(), title: 'log the failure' }], skipped: [], diff: '' },
    }),
  )
  expect(facts.map(({ label, text }) => `${label}: ${text}`)).toEqual([
    'accepted in the code, with a reason: 1',
    'accepted by a name in the project file: 1',
    'known from known.json: 3',
    'known from known.json and no longer there: 1',
    'in code that did not change since main: 4',
    'fixed: 1',
    'switched off by the project file: R2, R3',
  ])
})

test('too many warnings: the exit code is explained, and JUnit is not green', () => {
  const report = auditReport({ verdict: 'fail', maxWarnings: 0, findings: [warning] })
  expect(auditDigest(report).conclusion).toContain('exit code 1: 1 warning, more than --max-warnings 0')
  expect(writeJunit(auditSuite(report))).toContain('failures="1"')
})

const WHY = 'cache audit --why src/file-0.ts:3'

test.each([
  [3, {}, ['cache explain R4', WHY]],
  [3, { fix: 'log the failure' }, ['cache explain R4', WHY, 'cache audit --fix-dry-run']],
  [3, { fix: 'log the failure', confidence: 'low' as const }, ['cache explain R4', WHY]],
  [
    11,
    {},
    [
      'cache explain R4',
      WHY,
      'cache audit --rule R4',
      'cache audit --baseline cache-audit-baseline.json --update-baseline',
    ],
  ],
])('%i findings %j: what leads on', (count, change, next) => {
  expect(auditDigest(auditReport({ findings: manyFindings(count, change) })).next).toEqual(next)
})
