import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { createTerminal } from '../../src/cli/terminal.js'
import { auditText } from '../../src/cli/views/audit.js'
import type { AuditReport } from '../../src/ops/report/audit-report.js'

const place = { file: 'src/closed', line: 1, column: 1 }
const report: AuditReport = {
  schema: 'cache.audit/1',
  command: 'audit',
  verdict: 'inconclusive',
  paths: ['src'],
  failOn: 'error',
  directory: '',
  rules: ['R1', 'R4', 'R10', 'R11'].map((id) => ({
    id,
    title: id,
    severity: 'error',
    confidence: 'high',
    findings: 0,
  })),
  checklist: [],
  findings: [],
  accepted: [{ ...place, rule: 'R1', reason: 'a tool of the operator, which asks on purpose' }],
  problems: [{ ...place, message: 'this directory cannot be read' }],
  summary: { files: 2, read: 1, skipped: 0, unresolvedImports: 0, unjudged: 1, errors: 0, warnings: 0 },
}
const terminalWith = async (options: { colour?: boolean; quiet?: boolean; columns?: number }) =>
  createTerminal({ colour: false, columns: 80, quiet: false, ascii: false, ...options })

test.each([60, 76, 80, 120])('at %i columns, colours move no line break', async (columns) => {
  const coloured = auditText(report, await terminalWith({ colour: true, columns }))
  expect(coloured).not.toBe(stripVTControlCharacters(coloured))
  expect(stripVTControlCharacters(coloured)).toBe(auditText(report, await terminalWith({ columns })))
})

test('--quiet still says what could not be judged', async () => {
  const terminal = await terminalWith({ quiet: true })
  expect(auditText(report, terminal)).toContain('src/closed:1:1 this directory cannot be read')
  const judged: AuditReport = { ...report, verdict: 'pass', summary: { ...report.summary, unjudged: 0 } }
  expect(auditText(judged, terminal)).not.toContain('src/closed')
})

test('what one comment accepts is said once', async () => {
  const twice = { ...report, accepted: [...report.accepted, ...report.accepted] }
  const terminal = await terminalWith({})
  expect(auditText(twice, terminal)).toBe(auditText(report, terminal))
})
