import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../../src/ops/audit/audit.js'
import type { PolicyOptions } from '../../../src/ops/audit/adoption/policy.js'

const CODE = `import Redis from 'ioredis'
export function open(): Redis | null { return null }
export class Sessions {
  cache(): Redis | null { return open() }
}
export const made = new Redis(url)
`
const FILES = ['a.ts', 'src/b.ts', 'legacy/deep/c.ts', 'legacy/d.ts']
let cwd: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'cache-audit-policy-'))
  for (const file of FILES) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true })
    writeFileSync(join(cwd, file), CODE)
  }
})
afterAll(() => rmSync(cwd, { recursive: true }))

const run = (policy: PolicyOptions, more: Partial<Parameters<typeof audit>[0]> = {}) =>
  audit({ paths: ['.'], cwd, rules: ['R1', 'R11'], policy, ...more })
const files = (findings: readonly { file: string }[]) => [...new Set(findings.map(({ file }) => file))].sort()

test('a rule weighs what the project file says; in some files something else, and the last override counts', async () => {
  const { findings, verdict } = await run({
    rules: { r1: 'warn' },
    overrides: [
      { paths: ['legacy/**', 'src/*.ts'], rules: { R1: 'error' } },
      { paths: ['legacy/deep'], rules: { R1: 'off' } },
    ],
  })
  const weights = Object.fromEntries(
    findings.filter(({ rule }) => rule === 'R1').map(({ file, severity }) => [file, severity]),
  )
  expect(weights).toEqual({ 'a.ts': 'warn', 'src/b.ts': 'error', 'legacy/d.ts': 'error' })
  expect(verdict).toBe('fail')
})

test('patterns are relative to the project file, not to the working directory', async () => {
  const policy = { ignore: ['legacy/**'], directory: cwd }
  const below = await run(policy, { cwd: join(cwd, 'legacy') })
  expect(below).toMatchObject({ verdict: 'inconclusive', summary: { files: 0 } })
  expect(files((await run(policy)).findings)).toEqual(['a.ts', 'src/b.ts'])
})

test('a rule that is off is not applied, and said; asked for by name it is', async () => {
  const policy: PolicyOptions = { rules: { R1: 'off' } }
  const all = await audit({ paths: ['a.ts'], cwd, policy })
  expect(all.off).toEqual(['R1'])
  expect(all.rules.map(({ id }) => id)).not.toContain('R1')
  expect(all.checklist[0]).toMatchObject({ result: 'not provable', notApplied: ['R1'] })
  const named = await run(policy, { rules: ['R1'], paths: ['a.ts'] })
  expect(named).toMatchObject({ off: [], findings: [{ rule: 'R1', severity: 'error' }, { rule: 'R1' }] })
})

test.each([
  // The function itself, and not the one that calls it.
  ['open', [['R1', 'open']]],
  ['Sessions', [['R1', 'Sessions.cache']]],
  ['Sessions.cache', [['R1', 'Sessions.cache']]],
  ['Other.cache', []],
  ['made', [['R11', 'made']]],
  // What is at fault makes one.
  ['Redis', [['R11', 'made']]],
  ['edis', []],
])('%s is sanctioned: %j', async (name, expected) => {
  const { accepted, findings } = await run({ sanctioned: [name] }, { paths: ['a.ts'] })
  const named = new Map(accepted.map(({ rule, symbol }) => [`${rule} ${symbol}`, [rule, symbol]]))
  expect([...named.values()]).toEqual(expected)
  expect(accepted.every(({ by, reason }) => by === 'sanctioned' && reason === `${name} is sanctioned`)).toBe(
    true,
  )
  const isLeft = findings.some(({ rule, symbol }) => named.has(`${rule} ${symbol}`))
  expect(isLeft).toBe(false)
})

test('what stands deeper in the code at fault sanctions nothing', async () => {
  const code = `import Redis from 'ioredis'\nexport const made = new Redis(addressOf(settings))\n`
  writeFileSync(join(cwd, 'deeper.ts'), code)
  const report = await run({ sanctioned: ['addressOf'] }, { paths: ['deeper.ts'] })
  expect(report.accepted).toEqual([])
  expect(report.findings.length).toBeGreaterThan(0)
})

test('an unknown rule in the project file is refused, with the one that was meant', async () => {
  await expect(run({ overrides: [{ paths: ['a.ts'], rules: { R111: 'off' } }] })).rejects.toMatchObject({
    kind: 'usage',
    code: 'UNKNOWN_RULE',
    message: expect.stringContaining('audit.overrides.0.rules') as string,
  })
})
