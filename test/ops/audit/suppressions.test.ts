import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../../src/ops/audit/audit.js'
import type { AuditReport } from '../../../src/ops/report/audit-report.js'

const HEAD = "import Redis from 'ioredis'\n"
const OPEN = 'export function open(): Redis | null { return null }'

/** By name of the file: its code, and what is said of it: `found`, `accepted: reason`, `problem: message`. */
const CASES: Record<string, { code: string; says: string[] }> = {
  'above.ts': {
    code: `// cache-audit-ignore R4, R1: asked for\n${OPEN}`,
    says: ['accepted: asked for', 'unused R4'],
  },
  'beside.ts': { code: `${OPEN} // cache-audit-ignore r1: here`, says: ['accepted: here'] },
  'beside-the-line-before.ts': {
    code: `const one = 1 // cache-audit-ignore R1: of that line\n${OPEN}`,
    says: ['found', 'unused R1'],
  },
  'block.ts': {
    code: `/* cache-audit-ignore R1: of two\n * lines */\n${OPEN}`,
    says: ['accepted: of two lines'],
  },
  'block-before.ts': { code: `/* cache-audit-ignore R1: before */ ${OPEN}`, says: ['accepted: before'] },
  'further-up.ts': {
    code: `// cache-audit-ignore R1: further up\n\n// about open\n/** And more. */\n${OPEN}`,
    says: ['accepted: further up'],
  },
  'too-far.ts': {
    code: `// cache-audit-ignore R1: too far\nexport const one = 1\n${OPEN}`,
    says: ['found', 'unused R1'],
  },
  'statement.ts': {
    code: '// cache-audit-ignore R11: a statement\nexport const made = new Redis(url, {\n  maxRetriesPerRequest: null,\n})',
    says: ['accepted: a statement', 'accepted: a statement'],
  },
  'not-the-body.ts': {
    code: `// cache-audit-ignore R11: not what is inside\nexport function make() {\n  return new Redis(url, { maxRetriesPerRequest: null })\n}`,
    says: ['found', 'found', 'unused R11'],
  },
  'decorator.ts': {
    code: 'export class Provider {\n  // cache-audit-ignore R1: a decorator\n  @Injected()\n  @Once({\n    a: 1,\n  })\n  open(): Redis | null {\n    return null\n  }\n}',
    says: ['accepted: a decorator'],
  },
  'jsx.tsx': {
    code: `export const Page = () => (\n  <p>\n    {/* cache-audit-ignore R11: in braces */}\n    {new Redis(url, { maxRetriesPerRequest: null })}\n  </p>\n)`,
    says: ['accepted: in braces', 'accepted: in braces'],
  },
  'jsx-text.tsx': {
    code: `export const Page = () => (\n  <p>\n    // cache-audit-ignore R11: only text\n    {new Redis(url, { maxRetriesPerRequest: null })}\n  </p>\n)`,
    says: ['found', 'found'],
  },
  'string.ts': {
    code: `const a = '// cache-audit-ignore R1: no'; ${OPEN}\nconst b = \`\n// cache-audit-ignore R1: no\n\${1} // cache-audit-ignore R1: no\n\``,
    says: ['found'],
  },
  'regex.ts': { code: `const a = /[//] cache-audit-ignore R1: no/; ${OPEN}`, says: ['found'] },
  'prose.ts': { code: `// write // cache-audit-ignore R1: why\n${OPEN}`, says: ['found'] },
  'empty-block.ts': {
    code: 'export function open(): Redis | null {\n  // cache-audit-ignore R1: nothing yet\n}',
    says: ['accepted: nothing yet'],
  },
  'no-reason.ts': { code: `// cache-audit-ignore R1\n${OPEN}`, says: ['found', 'without a reason'] },
  'no-rule.ts': { code: `// cache-audit-ignore: why\n${OPEN}`, says: ['found', 'without a rule'] },
  'no-such-rule.ts': {
    code: `// cache-audit-ignore R111: why\n${OPEN}`,
    says: ['found', "'R111' is no rule, so nothing is accepted; did you mean R11?"],
  },
  'next-line.ts': {
    code: `// cache-audit-ignore-next-line R1: why\n${OPEN}`,
    says: ['found', 'next-line is unknown'],
  },
  'file.ts': { code: `// cache-audit-ignore-file R1: all of it\n${OPEN}`, says: ['found'] },
  'late.ts': {
    code: `${OPEN}\n// cache-audit-ignore-file R1: late`,
    says: ['found', 'above the first line'],
  },
  'unused-no-cache.ts': { code: 'export const a = 1 // cache-audit-ignore R1: gone', says: ['unused R1'] },
}

let cwd: string
let report: AuditReport
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'cache-suppressions-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(cwd, path)), { recursive: true })
    writeFileSync(join(cwd, path), text)
  }
  for (const [name, { code }] of Object.entries(CASES)) write(name, HEAD + code)
  write('whole.ts', `#!/usr/bin/env node\n/* cache-audit-ignore-file R1: all of it */\n${HEAD}${OPEN}\n`)
  report = await audit({ paths: ['.'], cwd, rules: ['R1', 'R4', 'R11'] })
})
afterAll(() => rmSync(cwd, { recursive: true }))

function saidOf(name: string): string[] {
  const of = <T extends { file: string }>(list: T[]) => list.filter(({ file }) => file === name)
  return [
    ...of(report.findings).map(() => 'found'),
    ...of(report.accepted).map(({ reason }) => `accepted: ${reason}`),
    ...of(report.problems).map(({ message }) => message),
  ]
}

test.each(Object.entries(CASES))('%s', (name, { says }) => {
  const said = saidOf(name)
  // A file-wide comment below an import is late.
  const expected = name === 'file.ts' ? ['found', 'above the first line'] : says
  expect(said).toHaveLength(expected.length)
  expected.forEach((each, index) => {
    const words = each.startsWith('unused ') ? `${each.slice('unused '.length)} accepts nothing` : each
    expect(said[index]).toContain(words)
  })
})

test('at the top, behind a shebang, it speaks of the whole file', () => {
  expect(saidOf('whole.ts')).toEqual(['accepted: all of it'])
})

test('a comment for a rule that was not applied is not called unused', async () => {
  const { problems } = await audit({ paths: ['above.ts', 'too-far.ts'], cwd, rules: ['R11'] })
  expect(problems).toEqual([])
})

test('what is accepted keeps all that is known of the finding', () => {
  expect(report.accepted.find(({ file }) => file === 'above.ts')).toMatchObject({
    rule: 'R1',
    by: 'comment',
    line: 3,
    symbol: 'open',
    message: expect.stringContaining('may return nothing') as string,
  })
})
