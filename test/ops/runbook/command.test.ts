import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunbookRunReport } from '../../../src/ops/report/runbook-report.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { cache, interruptAt, type Run, type RunOptions } from '../../support/cache.js'
import { cacheHere } from '../../support/here.js'

const directory = mkdtempSync(join(tmpdir(), 'cache-runbook-command-'))
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(async () => {
  await sandbox.stop()
  rmSync(directory, { recursive: true })
})

function file(name: string, ...lines: string[]): string {
  const path = join(directory, name)
  writeFileSync(path, lines.join('\n'))
  return path
}

/** As a process; what a step runs has its environment. */
const runbook = (args: readonly string[], options?: RunOptions) => cache(['runbook', 'run', ...args], options)
/** Where only the exit code and the words are the subject. */
const runbookHere = (args: readonly string[]) => cacheHere(['runbook', 'run', ...args])

const reportOf = ({ stdout }: Run) => JSON.parse(stdout) as RunbookRunReport
// Columns are as wide as the times are long.
const withoutTimes = (text: string) =>
  text.replace(/ *\b[\d.]+ m?s\b/g, '  TIME').replace(/(?<=\S) {2,}/g, '  ')

describe('a transcript', () => {
  it('of a run that passes', async () => {
    const path = file(
      'good.md',
      '# Good',
      '```bash',
      'echo PONG',
      '# Expected: PONG',
      '```',
      '```sh manual',
      'call',
      '```',
    )
    const run = await runbook([path])
    expect([run.code, withoutTimes(run.stdout).replace(directory, 'DIR')]).toMatchInlineSnapshot(`
      [
        0,
        "runbook  Good
      file  DIR/good.md

            step  time  result
      ok  good  TIME  PONG
      skip  good-2  -  skipped: manual, and nobody is at a terminal

      ok  1 passed, 0 failed, 1 manual (skipped); 1 expectation met
      ",
      ]
    `)
    expect(run.stderr).toBe('step 1 of 2: good\n')
  })

  it('of a run that fails', async () => {
    const path = file(
      'bad.md',
      '# Bad',
      '```bash name=ping timeout=20s',
      'echo "PONK"',
      '# Expected: PONG',
      '```',
      'Prose that is not shown.',
      '',
      '- If it fails, this is a long way out, so long that it is broken at the width of the terminal.',
      '- Or not.',
      '```bash',
      'echo never',
      '```',
    )
    const [text, json, quiet] = await Promise.all([
      runbook([path]),
      runbookHere([path, '--json']),
      runbookHere([path, '-q']),
    ])
    expect([text.code, json.code, quiet.code]).toEqual([1, 1, 1])
    expect(withoutTimes(text.stdout).replaceAll(directory, 'DIR')).toMatchInlineSnapshot(`
      "runbook  Bad
      file  DIR/bad.md

            step  time  result
      FAIL  ping  TIME  see below
      skip  bad  -  not run: ping did not pass

      FAIL  ping  bad.md:2
      ran  echo "PONK"
               # Expected: PONG
      expected PONG  (line 4)
      actual  PONK
      output  PONK
      next  - If it fails, this is a long way out, so long that it is broken at the
                 width of the terminal.
               - Or not.

      FAIL  0 passed, 1 failed, 1 not run: stopped at ping
      "
    `)
    expect(quiet.stdout).toMatch(/^FAIL {5}ping/)
    expect(reportOf(json)).toMatchObject({
      schema: 'cache.runbook-run/1',
      command: 'runbook run',
      verdict: 'fail',
      runbook: { title: 'Bad', path, anchor: null, builtIn: false },
      steps: [
        { name: 'ping', heading: 'Bad', line: 2, status: 'failed', output: 'PONK' },
        { name: 'bad', status: 'not run', durationMs: null },
      ],
      summary: { passed: 0, failed: 1, notRun: 1 },
    })
  })
})

it('what is no command below the topic is named with it', () => {
  const { status, stderr } = spawnSync(process.execPath, ['bin/run.js', 'runbook', 'rnu', 'x.md'], {
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([
    2,
    "Error: There is no command 'runbook rnu'.\nTry: cache runbook run\nSee: cache --help\n",
  ])
})

it('a topic alone is helped by text, and has no document', () => {
  const alone = (...more: string[]) =>
    spawnSync(process.execPath, ['bin/run.js', 'runbook', ...more], { encoding: 'utf8' })
  expect(alone()).toMatchObject({ status: 0, stdout: expect.stringContaining('COMMANDS') })
  const { status, stdout } = alone('--json')
  expect(status).toBe(2)
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: 'MISSING_COMMAND', suggestions: ['cache runbook run'] },
  })
})

it('is ASCII only when asked', async () => {
  const path = file('umlaut.md', '# Prüfung', '```sh name=ünï', 'echo "✓ fertig…"; false', '```')
  const [plain, ascii] = await Promise.all([runbookHere([path]), runbookHere([path, '--ascii'])])
  expect(plain.stdout).toContain('✓ fertig…')
  expect(ascii.stdout).toContain('? fertig...')
  expect(ascii.stdout).toMatch(/^[ -~\n]*$/)
})

describe('exit codes', () => {
  it.for([
    [[], 2, 'MISSING_ARGUMENT'],
    [['/no/such.md'], 2, 'RUNBOOK_NOT_FOUND'],
    [['redis-unavailabel'], 2, 'RUNBOOK_NOT_FOUND'],
    [[directory], 2, 'RUNBOOK_UNREADABLE'],
    [['redis-unavailable#nope'], 2, 'RUNBOOK_UNKNOWN_ANCHOR'],
    [['redis-unavailable'], 3, 'RUNBOOK_VARIABLE_MISSING'],
  ] as const)('%j: %i %s, with and without --json', async ([args, code, error]) => {
    const [json, text] = await Promise.all([runbookHere([...args, '--json']), runbookHere([...args])])
    expect([json.code, text.code, text.stdout]).toEqual([code, code, ''])
    expect(reportOf(json).error?.code).toBe(error)
    expect(text.stderr).toMatch(/^Error: /)
  })

  it('4 for a dangerous command, 3 for nothing to run', async () => {
    const dangerous = file('dangerous.md', '```sh', 'redis-cli FLUSHALL', '```')
    const [refused, nothing] = await Promise.all([
      runbookHere([dangerous]),
      runbookHere([file('prose.md', 'prose')]),
    ])
    expect([refused.code, nothing.code]).toEqual([4, 3])
    expect(refused.stderr).toContain("dangerous.md:2: refused to run 'step': FLUSHALL empties every database")
    expect(nothing.stdout).toContain('no bash, sh or cache block')
  })

  it('130 on Ctrl-C, with cleanup done and the partial result printed', async () => {
    const path = file(
      'long.md',
      '```bash',
      'sleep 600',
      '```',
      '```sh cleanup name=tidy',
      'echo tidied',
      '```',
    )
    const output = join(directory, 'long.json')
    const run = await runbook([path, '--output', `json=${output}`], { onStderr: interruptAt(/step 1 of 2/) })
    expect(run.code).toBe(130)
    expect(run.stdout).toMatch(
      /^stopped {2}1 passed, 0 failed, 1 interrupted; interrupted, so this is partial$/m,
    )
    expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject({
      interrupted: true,
      steps: [{ status: 'interrupted' }, { name: 'tidy', status: 'passed', output: 'tidied' }],
    })
  })
})

it('writes JUnit, without secrets and without controls', async () => {
  const secret = 'c4nary<&>secret'
  const path = file(
    'secret.md',
    '```bash env=REDIS_PASSWORD',
    'printf "\\033]0;x\\007%s" "$REDIS_PASSWORD"',
    'false',
    '```',
  )
  const output = join(directory, 'secret.xml')
  const run = await runbook([path, '--output', `junit=${output}`], { env: { REDIS_PASSWORD: secret } })
  const xml = readFileSync(output, 'utf8')
  expect(run.code).toBe(1)
  expect(xml).toContain('<testcase name="step" classname=')
  expect(xml).toContain('<failure message="failed: exit code 1">')
  expect(xml).toContain('<system-out>[redacted]</system-out>')
  expect(run.stdout + run.stderr + xml).not.toContain('c4nary')
  expect(run.stdout + xml).not.toContain('\u001B')
})

it('writes JUnit also when nothing could run', async () => {
  const run = await runbookHere(['redis-unavailable', '--reporter', 'junit'])
  expect(run.code).toBe(3)
  expect(run.stdout).toContain('errors="1"')
  expect(run.stderr).toContain('needs REDIS_URL, which is not set')
})

// The runbook's own `--during` stays.
const SHORT_DRILL = { CACHE_OUTAGE_BEFORE: '500ms', CACHE_OUTAGE_AFTER: '1s' }

// The drill alone takes ten seconds, in which the others are done.
describe.concurrent('redis-unavailable', () => {
  const builtIn = async (url: string, anchor = '') => {
    const run = await runbook([`redis-unavailable${anchor}`, '--json'], {
      env: { REDIS_URL: url, ...SHORT_DRILL },
    })
    return { code: run.code, report: reportOf(run) }
  }

  it(
    'with Redis up: it is reached and answers, and the drill decides the rest',
    { timeout: 200_000 },
    async () => {
      const { code, report } = await builtIn(sandbox.redis.url)
      const [connect, writes, drill, byHand] = report.steps
      expect([connect?.status, writes?.status]).toEqual(['passed', 'passed'])
      expect(connect?.assertions[0]?.actual).toMatch(/^ok +1 ok in /)
      // What the library makes of its Redis going away has tests of its own, and a busy machine may not be able to tell.
      expect(drill?.output).toMatch(/\d passed, \d failed, \d inconclusive/)
      const said = /^(ok|FAIL|skip) .*\d passed, /m.exec(drill?.output ?? '')?.[1]
      const ends = {
        ok: [0, 'passed', 'skipped'],
        FAIL: [1, 'failed', 'not run'],
        skip: [3, 'inconclusive', 'not run'],
      }
      expect([code, drill?.status, byHand?.status]).toEqual(ends[said as keyof typeof ends])
    },
  )

  /** The one step that fails, whose guidance has an entry for the word that its output says. */
  const failsSaying = (word: string, { code, report }: Awaited<ReturnType<typeof builtIn>>) => {
    expect([code, report.steps.map(({ status }) => status)]).toEqual([
      1,
      report.steps.map((_, index) => (index === 0 ? 'failed' : 'not run')),
    ])
    expect(report.steps[0]?.output).toContain(`Redis answers: ${word}: `)
    expect(report.steps[0]?.guidance).toContain(`- **${word}**: `)
  }

  it('with Redis refusing: connect says so, and what to do', async () => {
    failsSaying('refused', await builtIn('redis://127.0.0.1:1'))
  })

  it('with Redis hung: it can be reached, and does not answer', async ({ onTestFinished }) => {
    const { redis, stop } = await startSandbox()
    onTestFinished(stop)
    redis.freeze()
    failsSaying('stalled', await builtIn(redis.url))
  })

  it('with another password: it says so, and not which', async () => {
    const url = sandbox.redis.url.replace('://', '://someone:wr0ng-c4nary@')
    const { code, report } = await builtIn(url, '#does-it-answer')
    failsSaying('auth', { code, report })
    expect(JSON.stringify(report)).not.toContain('c4nary')
  })

  it('switched off: that is no answer either', async () => {
    const run = await runbook(['redis-unavailable#does-it-answer', '--json'], {
      env: { REDIS_URL: sandbox.redis.url, CACHE_PROVIDER: 'none' },
    })
    expect([run.code, reportOf(run).steps[0]?.output]).toEqual([
      1,
      expect.stringContaining('Redis is switched off'),
    ])
  })

  it('read-only or full: take-writes says which', async ({ onTestFinished }) => {
    const { redis, stop } = await startSandbox()
    onTestFinished(stop)
    const { url } = redis
    const admin = new Redis(url)
    onTestFinished(() => admin.disconnect())
    const writes = () => builtIn(url, '#does-it-take-writes')
    expect((await writes()).code).toBe(0)
    await admin.config('SET', 'maxmemory', '1mb')
    await admin.config('SET', 'maxmemory-policy', 'noeviction')
    const full = await writes()
    expect([full.code, full.report.steps[0]?.output]).toEqual([
      1,
      expect.stringContaining('FAIL     MEM-001'),
    ])
    await admin.config('SET', 'maxmemory', '0')
    await admin.replicaof('127.0.0.1', 1)
    const replica = await writes()
    expect([replica.code, replica.report.steps[0]?.output]).toEqual([
      1,
      expect.stringContaining('FAIL     REP-001'),
    ])
  })

  it('without a server to drill: inconclusive, tried three times, exit 3', async () => {
    const env = { REDIS_URL: 'redis://127.0.0.1:1', CACHE_REDIS_SERVER: '/bin/false' }
    const [json, text, junit] = await Promise.all(
      [['--json'], [], ['--reporter', 'junit']].map((flags) =>
        runbook(['redis-unavailable#who-notices', ...flags], { env }),
      ),
    )
    expect([json?.code, text?.code, junit?.code]).toEqual([3, 3, 3])
    expect(reportOf(json!)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'who-notices could not be told',
      steps: [{ status: 'inconclusive', attempts: 3, exitCode: 3, assertions: [{ result: 'not judged' }] }],
      summary: { inconclusive: 1, failed: 0 },
    })
    expect(text?.stdout).toContain(
      'skip     0 passed, 0 failed, 1 inconclusive: who-notices could not be told',
    )
    expect(text?.stdout).toContain('because  it could not be told (exit code 3), 3 times')
    expect(junit?.stdout).toContain(
      '<error message="inconclusive: it could not be told (exit code 3), 3 times">',
    )
  })
})
