import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

function withoutProgress(text: string): string {
  return text.replaceAll(/^(?:reading|judging).*\n/gm, '')
}

describe('transcripts', () => {
  test('the checklist, findings with their code, what to do next', async () => {
    await expect(withoutProgress(transcript('bad'))).toMatchFileSnapshot('transcripts/audit-whole.txt')
  })
  test('a directory with findings', async () => {
    await expect(transcript('bad', '--quiet')).toMatchFileSnapshot('transcripts/audit-bad.txt')
  })
  test('a clean file beside a test and an accepted finding', async () => {
    await expect(withoutProgress(transcript('good'))).toMatchFileSnapshot('transcripts/audit-good.txt')
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
  expect(report.findings.find(({ rule }) => rule === 'R4')).toMatchObject({
    severity: 'error',
    file: 'bad/factory.ts',
    symbol: 'createCache',
    docs: 'docs/rules/R4.md',
  })
})

test('one run, every format', () => {
  const formats = ['json', 'sarif', 'junit', 'markdown', 'github', 'text']
  const run = cache(['bad', '-q', ...formats.flatMap((format) => ['--output', `${format}=out.${format}`])])
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
  const alone = cache(['bad', '--reporter', 'sarif'])
  expect(alone).toMatchObject({ code: 1, stdout: written['sarif'] })
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

/** The installed CLI with a `typescript` of one's own, or none. */
function installWith(typescript?: string | null): {
  run(...args: string[]): ReturnType<typeof spawnSync>
  remove(): void
} {
  const bare = mkdtempSync(join(tmpdir(), 'cache-audit-bare-'))
  for (const part of ['bin', 'dist', 'package.json', 'oclif.manifest.json'])
    // Types are made anew by another test at the same time, and no command reads them.
    cpSync(part, join(bare, part), { recursive: true, filter: (source) => source !== join('dist', 'types') })
  if (typescript !== undefined) {
    mkdirSync(join(bare, 'node_modules/typescript'), { recursive: true })
    const manifest = typescript === null ? { exports: { './bin': './bin.js' } } : {}
    writeFileSync(join(bare, 'node_modules/typescript/package.json'), JSON.stringify(manifest))
    writeFileSync(join(bare, 'node_modules/typescript/index.js'), typescript ?? '')
  }
  return {
    run: (...args) =>
      spawnSync(process.execPath, [join(bare, 'bin/run.js'), 'audit', ...args], {
        cwd: directory,
        encoding: 'utf8',
      }),
    remove: () => rmSync(bare, { recursive: true }),
  }
}

describe('without a usable typescript it exits 3 and says how to get one', () => {
  test.each([
    ['none', undefined, 'TYPESCRIPT_MISSING'],
    ['one without the compiler API', 'exports.version = "9.0.0"\n', 'TYPESCRIPT_UNUSABLE'],
    ['one with nothing to import', null, 'TYPESCRIPT_UNUSABLE'],
  ])('%s', (_, typescript, code) => {
    const cli = installWith(typescript)
    try {
      const json = cli.run('--json')
      expect(json.status).toBe(3)
      expect(JSON.parse(String(json.stdout))).toMatchObject({
        verdict: 'inconclusive',
        error: { kind: 'environment', code, suggestions: ['npm install --save-dev typescript@6.0.3'] },
      })
      const text = cli.run()
      expect(text).toMatchObject({ status: 3, stdout: '' })
      expect(text.stderr).toMatch(/typescript.*\nTry: npm install --save-dev typescript@6\.0\.3\n$/)
    } finally {
      cli.remove()
    }
  })
})

/** The engine meets a compiler that throws: in a rule, and before the first one. */
describe('an audit that breaks exits 70, whatever it has found so far', () => {
  const breaking = (member: string) =>
    `module.exports = { ...require(${JSON.stringify(resolve('node_modules/typescript'))}), ${member}() { throw new TypeError('a broken compiler') } }\n`

  test.each([
    ['isNewExpression', /rule R\d+ broke on .*bad/],
    ['createProgram', /TypeError: a broken compiler/],
  ])('%s', (member, message) => {
    const cli = installWith(breaking(member))
    try {
      const text = cli.run('bad', '--fail-on', 'never')
      expect(text).toMatchObject({ status: 70, stdout: '' })
      expect(text.stderr).toMatch(message)
      expect(text.stderr).toMatch(/This is a bug in cache/)
      expect(text.stderr).not.toMatch(/^ +at /m)

      const json = cli.run('bad', '--fail-on', 'never', '--json')
      expect(json).toMatchObject({ status: 70, stderr: '' })
      expect(JSON.parse(String(json.stdout))).toMatchObject({
        schema: 'cache.audit/1',
        verdict: 'inconclusive',
        error: { kind: 'bug', message: expect.stringMatching(message) as string },
      })
      const sarif = cli.run('bad', '--fail-on', 'never', '--reporter', 'sarif')
      expect(sarif.status).toBe(70)
      expect(JSON.parse(String(sarif.stdout))).toMatchObject({
        runs: [{ results: [], invocations: [{ executionSuccessful: false }] }],
      })
    } finally {
      cli.remove()
    }
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

test('--ascii prints nothing else', () => {
  const run = cache(['bad', '--ascii'])
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
