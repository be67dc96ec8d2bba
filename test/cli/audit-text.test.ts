import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { createTerminal } from '../../src/cli/terminal.js'
import { auditText } from '../../src/cli/views/audit.js'
import type { AuditReport, ChecklistItem } from '../../src/ops/report/audit-report.js'
import { auditReport, finding, manyFindings } from '../ops/report/audit-report.js'

const place = { file: 'src/closed', line: 1, column: 1 }
const accepted = [
  { ...finding(place), reason: 'a tool of the operator, which asks on purpose', by: 'comment' as const },
]
const unjudged = auditReport({
  verdict: 'inconclusive',
  accepted,
  problems: [{ ...place, message: 'this directory cannot be read' }],
  summary: { ...auditReport().summary, unjudged: 1 },
})
const terminalWith = async (
  options: { colour?: boolean; quiet?: boolean; columns?: number; ascii?: boolean } = {},
) => createTerminal({ colour: false, columns: 80, quiet: false, ascii: false, ...options })
const textOf = async (report: AuditReport, options = {}) => auditText(report, await terminalWith(options))

function item(change: Partial<ChecklistItem>): ChecklistItem {
  return {
    number: 1,
    item: 'Factory functions return non-nullable types',
    result: 'pass',
    rules: ['R1'],
    notApplied: [],
    findings: 0,
    sites: 3,
    evidence: [1, 2, 3].map((line) => ({ ...place, line, what: 'createCache returns a cache' })),
    because: '3 places',
    ...change,
  }
}
const CHECKLIST = [
  item({}),
  item({ number: 2, result: 'fail', findings: 2, because: '2 findings', rules: ['R2'] }),
  item({ number: 3, result: 'not applicable', because: 'there is nothing that it speaks of', evidence: [] }),
  item({ number: 4, result: 'not provable', because: '2 imports unresolved' }),
  item({ number: 5, result: 'not provable', because: 'R5 not applied', notApplied: ['R5'] }),
]

test.each([40, 60, 76, 80, 120])('at %i columns, colours move no line break', async (columns) => {
  const report = { ...unjudged, checklist: CHECKLIST, findings: [finding()] }
  const coloured = await textOf(report, { colour: true, columns })
  expect(coloured).not.toBe(stripVTControlCharacters(coloured))
  expect(stripVTControlCharacters(coloured)).toBe(await textOf(report, { columns }))
  const wide = coloured
    .split('\n')
    .map(stripVTControlCharacters)
    .filter((line) => line.length > columns)
  expect(wide).toEqual([])
})

test('the checklist says what each answer rests on', async () => {
  const [text] = (await textOf(auditReport({ checklist: CHECKLIST }))).split('\n\n')
  expect(text).toMatchInlineSnapshot(`
    "Review checklist
    ok   1 Factory functions return non-nullable types
           pass: 3 places
           src/closed:1:1 createCache returns a cache
           src/closed:2:1 createCache returns a cache
           and 1 more
    FAIL 2 Factory functions return non-nullable types
           fail: 2 findings of R2
           src/closed:1:1
           src/closed:2:1
    skip 3 Factory functions return non-nullable types
           not applicable: there is nothing that it speaks of
    skip 4 Factory functions return non-nullable types
           not provable: 2 imports unresolved
           src/closed:1:1 createCache returns a cache
    skip 1 item not judged: not all of their rules were applied"
  `)
})

test('the code around a finding, and a mark under what it is about', async () => {
  const text = await textOf(auditReport({ findings: [finding({ confidence: 'low', fix: 'converge' })] }))
  expect(text).toMatchInlineSnapshot(`
    "src/cache.ts
    FAIL R4 factories do not branch on Redis [low confidence, fixable]
         src/cache.ts:3:7
           1 | import { redis } from './redis'
           2 | export function createCache() {
         > 3 |   if (redis) return new RedisCache(redis)
             |       ^^^^^
           4 |   return new MemoryCache()
           5 | }
         createCache gives out something else when Redis is not configured.
         Instead: Decide once and converge.

    FAIL 1 error, 0 warnings in 9 files, 4 of them about caching, by 3 rules
         exit code 1: 1 finding at --fail-on error
    next cache explain R4        what it does in an outage, and how to write it
         cache audit --why src/cache.ts:3
                                 what the audit takes that line for"
  `)
})

test('a finding far to the right, behind tabs, over several lines: the mark is under it', async () => {
  const long = `\t\t${'const a = 1; '.repeat(12)}return new Redis(url)`
  const column = long.indexOf('new Redis') + 1
  const far = finding({ line: 2, column, endLine: 4, endColumn: 3, frame: { from: 2, lines: [long] } })
  const lines = (await textOf(auditReport({ findings: [far] }))).split('\n')
  const at = lines.findIndex((line) => line.includes('^'))
  expect(lines[at]!.trimEnd().endsWith('^')).toBe(true)
  expect(lines[at - 1]!.slice(lines[at]!.indexOf('^'))).toMatch(/^new Redis\(url\)/)
})

test('a line that is cut before the finding is shown where the finding is', async () => {
  const far = finding({ column: 900, excerpt: 'return new Redis(url)' })
  expect(await textOf(auditReport({ findings: [far] }))).toContain('     | return new Redis(url)\n')
})

test('of five hundred the first of each rule are told in full, all are listed, and counted by rule', async () => {
  const findings = [
    ...manyFindings(490),
    ...manyFindings(10, { rule: 'R8', severity: 'warn', file: 'src/z.ts' }),
  ]
  const text = await textOf(auditReport({ findings }))
  expect(text.match(/^(?:FAIL|warn) R\d/gm)).toHaveLength(500)
  expect(text.match(/Instead:/g)).toHaveLength(6)
  expect(text).toContain('R4       490         0  factories do not branch on Redis')
  expect(text).toContain('R8         0        10  metrics are instrumented')
  expect(text.split('\n').length).toBeLessThan(1800)
})

test('--quiet still says what could not be judged', async () => {
  expect(await textOf(unjudged, { quiet: true })).toContain('src/closed:1:1 this directory cannot be read')
  const judged: AuditReport = { ...unjudged, verdict: 'pass', summary: { ...unjudged.summary, unjudged: 0 } }
  expect(await textOf(judged, { quiet: true })).not.toContain('src/closed')
})

test('--quiet: no checklist, no code around, no advice', async () => {
  const text = await textOf(auditReport({ checklist: CHECKLIST, findings: [finding()] }), { quiet: true })
  expect(text).not.toMatch(/checklist|\^|^next/m)
})

test('what one comment accepts is said once', async () => {
  const twice = { ...unjudged, accepted: [...accepted, ...accepted] }
  expect(await textOf(twice)).toBe(await textOf(unjudged))
})

test.each<[string, Partial<AuditReport>, RegExp]>([
  ['pass', {}, /^ok {3}0 errors.*\n.*\n? {5}exit code 0$/m],
  [
    'nothing there',
    { verdict: 'inconclusive', summary: { ...auditReport().summary, files: 0 } },
    /^skip no source file there\n {5}exit code 3: nothing is proved/,
  ],
  [
    'stopped',
    { interrupted: true, verdict: 'inconclusive' },
    /^stopped: 0 errors, 0 warnings so far\n {5}nothing is proved/m,
  ],
  [
    'warnings',
    { failOn: 'error', findings: [finding({ severity: 'warn' })] },
    /exit code 0: nothing at --fail-on error/,
  ],
  [
    'unresolved',
    { summary: { ...auditReport().summary, unresolvedImports: 2 } },
    /^warn 2 imports unresolved: what lies behind was not seen/m,
  ],
])('%s', async (_, change, expected) => {
  expect(await textOf(auditReport(change))).toMatch(expected)
})

test('ASCII only', async () => {
  const report = auditReport({ checklist: CHECKLIST, findings: [finding({ message: '“Redis” – …' })] })
  // oxlint-disable-next-line no-control-regex
  expect(await textOf(report, { ascii: true })).toMatch(/^[\u0000-\u007F]*$/)
})
