import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunbookRunReport } from '../../../src/ops/report/runbook-report.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'

interface Run {
  code: number | null
  stdout: string
  stderr: string
}

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

/** Runs the built command; `onStderr` sees what was printed so far. */
function runbook(
  args: string[],
  env: NodeJS.ProcessEnv = {},
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Run> {
  const { REDIS_URL: _url, REDIS_PASSWORD: _password, ...inherited } = process.env
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['bin/run.js', 'runbook', 'run', ...args], {
      env: { ...inherited, ...env },
    })
    const run: Run = { code: null, stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => {
      run.stderr += chunk.toString()
      onStderr?.(run.stderr, (signal) => child.kill(signal))
    })
    child.on('close', (code) => resolve({ ...run, code }))
  })
}

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
      runbook([path, '--json']),
      runbook([path, '-q']),
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

describe('exit codes', () => {
  it.for([
    [[], 2, 'MISSING_ARGUMENT'],
    [['/no/such.md'], 2, 'RUNBOOK_NOT_FOUND'],
    [['redis-unavailabel'], 2, 'RUNBOOK_NOT_FOUND'],
    [[directory], 2, 'RUNBOOK_UNREADABLE'],
    [['redis-unavailable#nope'], 2, 'RUNBOOK_UNKNOWN_ANCHOR'],
    [['redis-unavailable'], 3, 'RUNBOOK_VARIABLE_MISSING'],
  ] as const)('%j: %i %s, with and without --json', async ([args, code, error]) => {
    const [json, text] = await Promise.all([runbook([...args, '--json']), runbook([...args])])
    expect([json.code, text.code, text.stdout]).toEqual([code, code, ''])
    expect(reportOf(json).error?.code).toBe(error)
    expect(text.stderr).toMatch(/^Error: /)
  })

  it('4 for a dangerous command, 3 for nothing to run', async () => {
    const dangerous = file('dangerous.md', '```sh', 'redis-cli FLUSHALL', '```')
    const [refused, nothing] = await Promise.all([runbook([dangerous]), runbook([file('prose.md', 'prose')])])
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
    let sent = false
    const run = await runbook([path, '--output', `json=${output}`], {}, (text, kill) => {
      if (sent || !text.includes('step 1 of 2')) return
      sent = true
      kill('SIGINT')
    })
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
  const run = await runbook([path, '--output', `junit=${output}`], { REDIS_PASSWORD: secret })
  const xml = readFileSync(output, 'utf8')
  expect(run.code).toBe(1)
  expect(xml).toContain('<testcase name="step" classname=')
  expect(xml).toContain('<failure message="failed: exit code 1">')
  expect(xml).toContain('<system-out>[redacted]</system-out>')
  expect(run.stdout + run.stderr + xml).not.toContain('c4nary')
  expect(run.stdout + xml).not.toContain('\u001B')
})

it('writes JUnit also when nothing could run', async () => {
  const run = await runbook(['redis-unavailable', '--reporter', 'junit'])
  expect(run.code).toBe(3)
  expect(run.stdout).toContain('errors="1"')
  expect(run.stderr).toContain('needs REDIS_URL, which is not set')
})

describe('redis-unavailable', () => {
  const builtIn = async (url: string, anchor = '') => {
    const run = await runbook([`redis-unavailable${anchor}`, '--json'], { REDIS_URL: url })
    return { code: run.code, report: reportOf(run) }
  }

  it(
    'with Redis up: it is reached and answers, and the drill decides the rest',
    { timeout: 90_000 },
    async () => {
      const { code, report } = await builtIn(sandbox.redis.url)
      const [connect, answer, drill, byHand] = report.steps
      expect([connect?.status, answer?.status, answer?.assertions.length]).toEqual(['passed', 'passed', 3])
      // What the library makes of its Redis going away has tests of its own, and a busy machine may not be able to tell.
      expect(drill?.output).toMatch(/\d passed, \d failed, \d inconclusive/)
      const isGreen = /^ok +2 passed, 0 failed/m.test(drill?.output ?? '')
      expect([drill?.status, byHand?.status]).toEqual(isGreen ? ['passed', 'skipped'] : ['failed', 'not run'])
      expect(code).toBe(isGreen ? 0 : 1)
    },
  )

  it('with Redis refusing: connect says so, and what to do', async () => {
    const { code, report } = await builtIn('redis://127.0.0.1:1')
    expect([code, report.steps[0]?.status]).toEqual([1, 'failed'])
    expect(report.steps[0]?.reason).toContain('Connection refused')
    expect(report.steps[0]?.guidance).toContain('**Connection refused**')
  })

  it('with Redis hung: it can be reached, and does not answer', async () => {
    process.kill(sandbox.redis.pid, 'SIGSTOP')
    try {
      const { code, report } = await builtIn(sandbox.redis.url)
      expect(report.steps.map(({ status }) => status)).toEqual(['passed', 'timed out', 'not run', 'not run'])
      expect(code).toBe(1)
    } finally {
      process.kill(sandbox.redis.pid, 'SIGCONT')
    }
  })

  it('with another password: answer says so', async () => {
    const { report } = await builtIn(sandbox.redis.url.replace('://', '://someone:wrong@'), '#does-it-answer')
    expect(report.steps[0]?.assertions[0]?.actual).toContain('-WRONGPASS')
  })
})
