import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditReport } from '../../src/ops/report/audit-report.js'
import { unpack } from '../ops/audit/unpack.js'

let directory: string
beforeAll(() => {
  directory = unpack('test/cli/fixtures/audit')
})
afterAll(() => rmSync(directory, { recursive: true }))

function cache(args: string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('bin/run.js'), 'audit', ...args], {
    cwd: directory,
    env: { ...process.env, NO_COLOR: '1', ...env },
    encoding: 'utf8',
  })
  return { code: status, stdout, stderr }
}

/** As a reader sees it: the line, what it prints, its exit code. */
function transcript(...args: string[]): string {
  const { code, stdout, stderr } = cache(args)
  return `$ cache audit ${args.join(' ')}\n${stdout}${stderr}Exit code: ${code}\n`
}

describe('transcripts', () => {
  test('a directory with findings', async () => {
    await expect(transcript('bad', '--quiet')).toMatchFileSnapshot('transcripts/audit-bad.txt')
  })
  test('a clean file beside a test and an accepted finding', async () => {
    await expect(transcript('good').replaceAll(/^(?:reading|judging).*\n/gm, '')).toMatchFileSnapshot(
      'transcripts/audit-good.txt',
    )
  })
  test('no source file', async () => {
    await expect(transcript('empty', '--quiet')).toMatchFileSnapshot('transcripts/audit-empty.txt')
  })
  test('bad input', async () => {
    const lines = [
      transcript('nowhere', '-q'),
      transcript('bad', '--rule', 'R101', '-q'),
      transcript('bad', '--fail-on', 'eror'),
    ]
    await expect(lines.join('\n')).toMatchFileSnapshot('transcripts/audit-bad-input.txt')
  })
})

test('--json prints one document and exits alike', () => {
  const run = cache(['bad', '--json'])
  const report = JSON.parse(run.stdout) as AuditReport
  expect(run.code).toBe(1)
  expect(run.stderr).toBe('')
  expect(report).toMatchObject({
    schema: 'cache.audit/1',
    command: 'audit',
    verdict: 'fail',
    failOn: 'error',
  })
  expect(report.findings[0]).toMatchObject({
    rule: 'R4',
    severity: 'error',
    file: 'bad/factory.ts',
    symbol: 'createCache',
    docs: 'docs/rules/R4.md',
  })
})

test('several paths and rules; --fail-on and its variable', () => {
  expect(cache(['good', 'bad/factory.ts', '--rule', 'r11', '--rule', 'R1', '-q']).code).toBe(0)
  expect(cache(['bad', '--fail-on', 'never', '-q']).code).toBe(0)
  expect(cache(['bad', '-q'], { CACHE_AUDIT_FAILON: 'never' }).code).toBe(0)
})

test('control characters in code do not reach the terminal', () => {
  writeFileSync(
    join(directory, 'evil.ts'),
    "import Redis from 'ioredis'\nexport function open(): Redis | null { return null } // \u001b[2J\u001b]0;x\u0007\n",
  )
  const run = cache(['evil.ts'])
  expect(run.code).toBe(1)
  // oxlint-disable-next-line no-control-regex
  expect(run.stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/)
})

test('without typescript it exits 3 and says how to get it', () => {
  const bare = mkdtempSync(join(tmpdir(), 'cache-audit-bare-'))
  try {
    for (const part of ['bin', 'dist', 'package.json', 'oclif.manifest.json'])
      // Types are made anew by another test at the same time, and no command reads them.
      cpSync(part, join(bare, part), {
        recursive: true,
        filter: (source) => source !== join('dist', 'types'),
      })
    const run = spawnSync(process.execPath, [join(bare, 'bin/run.js'), 'audit', '--json'], {
      cwd: directory,
      encoding: 'utf8',
    })
    expect(run.status).toBe(3)
    expect(JSON.parse(run.stdout)).toMatchObject({
      verdict: 'inconclusive',
      error: {
        kind: 'environment',
        code: 'TYPESCRIPT_MISSING',
        suggestions: ['npm install --save-dev typescript@6.0.3'],
      },
    })
  } finally {
    rmSync(bare, { recursive: true })
  }
})

test('a reader that goes away early does no harm', async () => {
  const child = spawn('sh', ['-c', `"${process.execPath}" "${resolve('bin/run.js')}" audit bad | head -1`], {
    cwd: directory,
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  await new Promise((done) => child.on('close', done))
  expect(stderr).not.toMatch(/EPIPE|Error/)
})
