import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditReport } from '../../src/ops/report/audit-report.js'
import { unpack } from '../ops/audit/unpack.js'
import { cacheHere } from '../support/here.js'

let directory: string
beforeAll(() => {
  directory = unpack('test/cli/fixtures/audit')
})
afterAll(() => rmSync(directory, { recursive: true }))

function cache(args: string[], env: NodeJS.ProcessEnv = {}) {
  return cacheHere(['audit', ...args], { cwd: directory, env: { NO_COLOR: '1', ...env } })
}

/** As a reader sees it: the line, what it prints, its exit code. */
async function transcript(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cache(args)
  return `$ cache audit ${args.join(' ')}\n${stdout}${stderr}Exit code: ${code}\n`
}

function withoutProgress(text: string): string {
  return text.replaceAll(/^(?:reading|judging).*\n/gm, '')
}

describe('transcripts', () => {
  test('the checklist, findings with their code, what to do next', async () => {
    await expect(withoutProgress(await transcript('bad'))).toMatchFileSnapshot('transcripts/audit-whole.txt')
  })
  test('a directory with findings', async () => {
    await expect(await transcript('bad', '--quiet')).toMatchFileSnapshot('transcripts/audit-bad.txt')
  })
  test('a clean file beside a test and an accepted finding', async () => {
    await expect(withoutProgress(await transcript('good'))).toMatchFileSnapshot('transcripts/audit-good.txt')
  })
  test('no source file', async () => {
    await expect(await transcript('empty', '--quiet')).toMatchFileSnapshot('transcripts/audit-empty.txt')
  })
  test('what it takes one line for', async () => {
    const lines = [
      await transcript('--why', 'bad/factory.ts:24'),
      await transcript('--why', 'bad/factory.ts:24', '--rule', 'R4', '-q'),
      await transcript('--why', 'good/redis.test.ts:1', '-q'),
    ]
    await expect(lines.join('\n')).toMatchFileSnapshot('transcripts/audit-why.txt')
  })
  test('a line that is none', async () => {
    const lines = [
      await transcript('--why', 'bad/factory.ts'),
      await transcript('--why', 'bad/factory.ts:999'),
      await transcript('--why', 'bad/nowhere.ts:1'),
      await transcript('--why', 'bad/factory.ts:1', '--keys'),
      await transcript('--why', 'bad/factory.ts:1', '--fix'),
    ]
    await expect(lines.join('\n')).toMatchFileSnapshot('transcripts/audit-why-bad-input.txt')
  })
  test('bad input', async () => {
    const lines = [
      await transcript('nowhere', '-q'),
      await transcript('bad', '--rule', 'R101', '-q'),
      await transcript('bad', '--fail-on', 'eror'),
      await transcript('--why', 'bad/factory.ts:24', '--reporter', 'junit'),
    ]
    await expect(lines.join('\n')).toMatchFileSnapshot('transcripts/audit-bad-input.txt')
  })
})

test('--json prints one document and exits alike', async () => {
  const run = await cache(['bad', '--json'])
  const report = JSON.parse(run.stdout) as AuditReport
  expect(run.code).toBe(1)
  expect(run.stderr).toBe('')
  expect(report).toMatchObject({
    schema: 'cache.audit/1',
    command: 'audit',
    verdict: 'fail',
    failOn: 'error',
  })
  expect(report.findings.find(({ rule }) => rule === 'R4')).toMatchObject({
    severity: 'error',
    file: 'bad/factory.ts',
    symbol: 'createCache',
    docs: 'docs/rules/R4.md',
  })
})

test('--why as a document', async () => {
  const run = await cache(['--why', 'bad/factory.ts:24', '--json'])
  expect(run).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(run.stdout)).toMatchObject({
    schema: 'cache.audit-why/1',
    command: 'audit',
    verdict: 'pass',
    file: 'bad/factory.ts',
    line: 24,
    findings: [{ rule: 'R4' }],
  })
})

test('one run, every format', async () => {
  const formats = ['json', 'sarif', 'junit', 'markdown', 'github', 'text']
  const run = await cache([
    'bad',
    '-q',
    ...formats.flatMap((format) => ['--output', `${format}=out.${format}`]),
  ])
  expect(run.code).toBe(1)
  const written = Object.fromEntries(
    formats.map((format) => [format, readFileSync(join(directory, `out.${format}`), 'utf8')]),
  )
  const log = JSON.parse(written['sarif']!) as {
    runs: { results: unknown[]; tool: { driver: { rules: unknown[] } } }[]
  }
  const report = JSON.parse(written['json']!) as AuditReport
  expect(log.runs[0]!.results).toHaveLength(report.findings.length)
  expect(JSON.stringify(log.runs[0]!.tool.driver.rules[0])).toContain('What it does in an outage')
  expect(written['junit']).toContain('classname="bad/factory.ts"')
  expect(written['markdown']).toMatch(/^## cache audit: FAIL\n/)
  expect(written['github']).toContain('::error file=bad/factory.ts,line=24,col=7')
  expect(written['text']).toContain('Review checklist')
  const alone = await cache(['bad', '--reporter', 'sarif'])
  expect(alone).toMatchObject({ code: 1, stdout: written['sarif'] })
})

test('several paths and rules; --fail-on and its variable', async () => {
  expect((await cache(['good', 'bad/factory.ts', '--rule', 'r11', '--rule', 'R1', '-q'])).code).toBe(0)
  expect((await cache(['bad', '--fail-on', 'never', '-q'])).code).toBe(0)
  expect((await cache(['bad', '-q'], { CACHE_AUDIT_FAILON: 'never' })).code).toBe(0)
})

test('control characters in code do not reach the terminal', async () => {
  writeFileSync(
    join(directory, 'evil.ts'),
    "import Redis from 'ioredis'\nexport function open(): Redis | null { return null } // \u001b[2J\u001b]0;x\u0007\n",
  )
  const run = await cache(['evil.ts'])
  expect(run.code).toBe(1)
  // oxlint-disable-next-line no-control-regex
  expect(run.stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/)
})

let installed: string
beforeAll(() => {
  installed = mkdtempSync(join(tmpdir(), 'cache-audit-bare-'))
  for (const part of ['bin', 'dist', 'package.json', 'oclif.manifest.json']) {
    // Types are made anew by another test at the same time, and no command reads them.
    const filter = (source: string) => source !== join('dist', 'types')
    cpSync(part, join(installed, part), { recursive: true, filter })
  }
})
afterAll(() => rmSync(installed, { recursive: true }))

/** The installed CLI with a `typescript` of one's own, or none. */
function runWith(typescript: string | null | undefined, ...args: string[]) {
  const place = join(installed, 'node_modules/typescript')
  rmSync(place, { recursive: true, force: true })
  if (typescript !== undefined) {
    mkdirSync(place, { recursive: true })
    const manifest = typescript === null ? { exports: { './bin': './bin.js' } } : {}
    writeFileSync(join(place, 'package.json'), JSON.stringify(manifest))
    writeFileSync(join(place, 'index.js'), typescript ?? '')
  }
  return spawnSync(process.execPath, [join(installed, 'bin/run.js'), 'audit', ...args], {
    cwd: directory,
    encoding: 'utf8',
  })
}

describe('without a usable typescript it exits 3 and says how to get one', () => {
  test.each([
    ['none', undefined, 'TYPESCRIPT_MISSING'],
    ['one without the compiler API', 'exports.version = "9.0.0"\n', 'TYPESCRIPT_UNUSABLE'],
    ['one with nothing to import', null, 'TYPESCRIPT_UNUSABLE'],
  ])('%s', (_, typescript, code) => {
    const json = runWith(typescript, '--json')
    expect(json.status).toBe(3)
    expect(JSON.parse(String(json.stdout))).toMatchObject({
      verdict: 'inconclusive',
      error: { kind: 'environment', code, suggestions: ['npm install --save-dev typescript@6.0.3'] },
    })
  })
})

/** A compiler that throws. */
function breaking(member: string): string {
  return `module.exports = { ...require(${JSON.stringify(resolve('node_modules/typescript'))}), ${member}() { throw new TypeError('a broken compiler') } }\n`
}

/** The engine meets one: in a rule, and before the first one. */
describe('an audit that breaks exits 70, whatever it has found so far', () => {
  test.each([
    ['isNewExpression', /rule R\d+ broke on .*bad/],
    ['createProgram', /TypeError: a broken compiler/],
  ])('%s', (member, message) => {
    const json = runWith(breaking(member), 'bad', '--fail-on', 'never', '--json')
    expect(json).toMatchObject({ status: 70, stderr: '' })
    expect(JSON.parse(String(json.stdout))).toMatchObject({
      schema: 'cache.audit/1',
      verdict: 'inconclusive',
      error: { kind: 'bug', message: expect.stringMatching(message) as string },
    })
  })
})

test('an audit that breaks: its words, and a log that says so', () => {
  const run = runWith(
    breaking('isNewExpression'),
    'bad',
    '--fail-on',
    'never',
    '--output',
    'sarif=broken.sarif',
  )
  expect(run).toMatchObject({ status: 70, stdout: '' })
  expect(run.stderr).toMatch(/rule R\d+ broke on .*bad/)
  expect(run.stderr).toMatch(/This is a bug in cache/)
  expect(run.stderr).not.toMatch(/^ +at /m)
  expect(JSON.parse(readFileSync(join(directory, 'broken.sarif'), 'utf8'))).toMatchObject({
    runs: [{ results: [], invocations: [{ executionSuccessful: false }] }],
  })
})

test('what may not be read is no proof, and no crash', () => {
  const closed = join(directory, 'closed')
  mkdirSync(join(closed, 'inner'), { recursive: true })
  writeFileSync(join(closed, 'a.ts'), 'export const redis = 1\n')
  chmodSync(join(closed, 'inner'), 0)
  // Root may read everything.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  chmodSync(directory, 0o755)
  const run = spawnSync(process.execPath, [resolve('bin/run.js'), 'audit', 'closed'], {
    cwd: directory,
    env: { ...process.env, NO_COLOR: '1' },
    encoding: 'utf8',
    ...user,
  })
  expect(run.status).toBe(3)
  expect(run.stdout).toContain('\nwarn closed/inner:1:1 this directory cannot be read\n\nskip 0 errors')
  expect(run.stdout).toContain('exit code 3: 1 path could not be judged, so that nothing is proved\n')
})

test('--ascii prints nothing else', async () => {
  const run = await cache(['bad', '--ascii'])
  expect(run.stdout).toContain('...')
  // oxlint-disable-next-line no-control-regex
  expect(run.stdout).toMatch(/^[\u0000-\u007F]*$/)
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
