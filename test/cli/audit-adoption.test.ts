import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AuditReport } from '../../src/ops/report/audit-report.js'
import { emptyRepository } from '../ops/audit/git-fixture.js'
import { cacheHere } from '../support/here.js'

const OPEN = "import Redis from 'ioredis'\nexport function open(): Redis | null { return null }\n"
const CONNECT = "import Redis from 'ioredis'\nconst redis = new Redis()\nredis.get('a')\n"
const BASELINE = ['--baseline', 'known.json']
let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'cache-audit-adoption-'))
  write('a.ts', OPEN)
})
afterEach(() => rmSync(cwd, { recursive: true }))

const write = (file: string, text: string) => writeFileSync(join(cwd, file), text)
const cache = (...args: string[]) => cacheHere(['audit', ...args], { cwd })
const report = async (...args: string[]) => JSON.parse((await cache(...args, '--json')).stdout) as AuditReport

test('--update-baseline writes what is there, and from then on only what is new fails', async () => {
  expect(await cache(...BASELINE, '--update-baseline')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('known.json written: 1 finding, 1 added, 0 removed') as string,
  })
  const known = await cache(...BASELINE)
  expect(known).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 finding known from known.json') as string,
  })
  expect(known.stdout).toContain('fail: 1 known finding of R1')
  write('a.ts', '')
  write('b.ts', OPEN.replace('open', 'other'))
  const { code, stdout } = await cache(...BASELINE)
  expect(code).toBe(1)
  expect(stdout).toContain('1 of them fixed: --update-baseline removes them')
  expect(stdout).toContain('cache audit --baseline known.json --update-baseline')
})

test.each([
  [['--update-baseline'], 'NO_BASELINE'],
  [BASELINE, 'BASELINE_UNUSABLE'],
  [['--changed'], 'NO_REPOSITORY'],
  [['--since', 'main'], 'NO_REPOSITORY'],
  [['--keys', '--fix'], 'CONFLICTING_FLAGS'],
  [['--keys', ...BASELINE], 'CONFLICTING_FLAGS'],
])('%j is refused: %s', async (flags, code) => {
  const run = await cache(...flags, '--json')
  expect(run.code).toBe(2)
  expect(JSON.parse(run.stdout)).toMatchObject({ error: { kind: 'usage', code } })
})

test.each([
  [['--fix', '--fix-dry-run']],
  [['--fix', ...BASELINE, '--update-baseline']],
  [['--changed', ...BASELINE, '--update-baseline']],
  [['--max-warnings', 'some']],
  [['--max-warnings', '-1']],
])('%j is refused', async (flags) => {
  expect((await cache(...flags, '-q')).code).toBe(2)
  expect(existsSync(join(cwd, 'known.json'))).toBe(false)
})

test('--fix-dry-run prints a patch and writes nothing; --fix mends, and says what', async () => {
  write('a.ts', CONNECT)
  const rule = ['--rule', 'R11']
  const offered = await cache('--fix-dry-run', ...rule)
  expect(offered.stdout).toContain('--- a/a.ts\n+++ b/a.ts\n')
  expect(offered.stdout).toContain('+const redis = new Redis({ commandTimeout: 1000 })')
  expect([offered.code, readFileSync(join(cwd, 'a.ts'), 'utf8')]).toEqual([1, CONNECT])
  const mended = await cache('--fix', ...rule)
  expect(mended.code).toBe(0)
  expect(mended.stdout).toMatch(/ok {3}fixed a\.ts:2:15 R11 add `commandTimeout: 1000`/)
  expect(await report('--fix', ...rule)).toMatchObject({ fixes: { written: false, applied: [] } })
})

test('the project file: weights, ignored files, sanctioned names, a baseline; more warnings than --max-warnings fail', async () => {
  write('b.ts', OPEN)
  write('cache.config.yaml', 'audit:\n  ignore: [b.ts]\n  rules: { R1: warn, R8: off }\n')
  expect(await report()).toMatchObject({
    verdict: 'pass',
    off: ['R8'],
    findings: [{ file: 'a.ts', rule: 'R1', severity: 'warn' }],
  })
  expect((await cache('--max-warnings', '1', '-q')).code).toBe(0)
  const { code, stdout } = await cache('--max-warnings', '0')
  expect(code).toBe(1)
  expect(stdout).toContain('R8 is switched off by the project file')
  expect(stdout).toContain('exit code 1: 1 warning, more than --max-warnings 0')
  write('cache.config.yaml', 'audit:\n  ignore: [b.ts]\n  sanctioned: [open]\n')
  expect(await report()).toMatchObject({ verdict: 'pass', accepted: [{ by: 'sanctioned' }] })
  write('cache.config.yaml', 'audit:\n  baseline: known.json\n')
  expect((await cache('--update-baseline', '-q')).code).toBe(0)
  expect(await report()).toMatchObject({ verdict: 'pass', baseline: { file: 'known.json' } })
})

test('--since on a branch: what others wrote is only counted', async () => {
  const repository = emptyRepository()
  try {
    repository.write('a.ts', OPEN)
    repository.commit('main')
    repository.git('checkout', '--quiet', '-b', 'topic')
    repository.write('b.ts', OPEN)
    const run = await cacheHere(['audit', '--since', 'main', '--rule', 'R1'], { cwd: repository.cwd })
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('1 finding in code that did not change since main (')
    expect(run.stdout).not.toContain('FAIL R1 factories return non-nullable types\n     a.ts')
    repository.write('b.ts', '')
    expect((await cacheHere(['audit', '--changed', '-q'], { cwd: repository.cwd })).code).toBe(0)
  } finally {
    rmSync(repository.cwd, { recursive: true })
  }
})
