import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { LoadListReport, LoadReport } from '../../../src/ops/report/load-report.js'

interface Run {
  code: number | null
  stdout: string
  stderr: string
}

/** Time is not the subject here: a busy machine may start operations as late as it likes. */
const env = { ...process.env, CACHE_LOAD_LATENESS: '10s', FORCE_COLOR: '0' }

/** Runs the built command; `onStderr` sees what has been printed so far. */
function cache(
  args: string[],
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['bin/run.js', 'load-test', ...args], { env })
    const run: Run = { code: null, stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => {
      run.stderr += chunk.toString()
      onStderr?.(run.stderr, (signal) => child.kill(signal))
    })
    child.on('close', (code) => resolve({ ...run, code }))
  })
}

const SHORT = ['--rate', '100', '--before', '1s', '--during', '1500ms', '--after', '1s']
const jsonOf = (run: Run) => JSON.parse(run.stdout) as LoadReport

describe.concurrent('bad input exits 2 with and without --json, and starts nothing', () => {
  test.each([
    [['--fault', 'stal'], 'UNKNOWN_FAULT', '--fault stall'],
    [['--subject', 'naive-ioredis7'], 'UNKNOWN_SUBJECT', '--subject naive-ioredis5'],
    [['--during', '2 weeks'], 'BAD_FLAG_VALUE', undefined],
    [['--rate', '0'], 'BAD_FLAG_VALUE', undefined],
    [['--rate', '2000', '--during', '10m'], 'TOO_MANY_OPERATIONS', 'a lower --rate or a shorter --during'],
    [['--slo', 'during.p98<1s'], 'UNKNOWN_METRIC', "--slo 'during.p90<1s'"],
    [['--slo', 'durin.p99<1s'], 'UNKNOWN_PHASE', "--slo 'during.p99<1s'"],
    [['--slo', 'during.errors==0', '--slo', 'during.p99<<1s'], 'BAD_SLO', undefined],
    [['--slo', 'after.hit_rate>0.9*before within 20s'], 'WITHIN_TOO_LONG', '--after 20s'],
    [['--slo', 'after.hit_rate>0.9*before within 601s'], 'WITHIN_TOO_LONG', 'a shorter within'],
  ])('%j', async (args, code, suggestion) => {
    const [json, text] = await Promise.all([cache([...args, '--json']), cache(args)])
    expect([json.code, text.code]).toEqual([2, 2])
    expect(jsonOf(json).error).toMatchObject({ kind: 'usage', code })
    if (suggestion) expect(jsonOf(json).error?.suggestions).toEqual([suggestion])
    expect(text.stdout).toBe('')
    expect(text.stderr).toMatch(/^Error: /)
    expect(text.stderr).not.toContain('starting Redis')
  })
})

test('--list names every fault, subject and metric', async () => {
  const [json, text] = await Promise.all([cache(['--list', '--json']), cache(['--list'])])
  const { faults, subjects, metrics } = JSON.parse(json.stdout) as LoadListReport
  expect([json.code, text.code, faults[0]?.name]).toEqual([0, 0, 'none'])
  for (const { name } of [...faults, ...subjects, ...metrics]) expect(text.stdout).toContain(name)
})

test('a refused Redis: SLOs that hold exit 0, and the JSON has the time line in numbers', async () => {
  const slos = [
    'during.errors == 0',
    'during.hit_rate < 50%',
    'during.ok == during.sent',
    'db.qps > before * 2',
  ]
  const run = await cache([
    '--fault',
    'refused',
    '--json',
    ...SHORT,
    ...slos.flatMap((slo) => ['--slo', slo]),
  ])
  const report = jsonOf(run)
  expect([run.code, report.verdict, run.stderr]).toEqual([0, 'pass', ''])
  expect(report.slos.map(({ result }) => result)).toEqual(slos.map(() => 'pass'))
  expect(report.witness).toMatchObject({ witnessed: true })
  expect(report.inWords).toMatch(
    /^A refused Redis costs callers .* and the source .* x; nobody gets an error\.$/,
  )
  expect(report.timeline.map(({ phase }) => phase)).toEqual(['before', 'during', 'after'])
  for (const { sent } of report.phases) expect(sent).toBeGreaterThan(0)
})

test('a hung Redis under a naive client: a missed SLO exits 1 and says by how much', async () => {
  const slos = ['during.errors == 0', 'during.p50 < 100ms'].flatMap((slo) => ['--slo', slo])
  const run = await cache(['--subject', 'naive-ioredis6', '--fault', 'stall', ...SHORT, ...slos])
  expect(run.code).toBe(1)
  expect(run.stdout).toMatch(/^ok {7}during\.errors == 0: got 0$/m)
  expect(run.stdout).toMatch(/^FAIL {5}during\.p50 < 100ms: got \d+/m)
  expect(run.stdout).toMatch(
    /^FAIL {5}2 SLOs: 1 holds, 1 missed, 0 not judged\. A hung Redis costs callers\s+\+/m,
  )
  for (const line of run.stdout.split('\n')) expect([...line].length).toBeLessThanOrEqual(80)
})

test('a percentile on too few samples is told beforehand, not judged, and exits 3', async () => {
  const run = await cache([...SHORT, '--slo', 'during.p99 < 3600s'])
  expect(run.code).toBe(3)
  expect(run.stderr).toMatch(/^warn during\.p99 needs 1,000 operations and will have about 150/m)
  expect(run.stdout).toMatch(
    /^skip {5}during\.p99 < 3600s: not judged: during\.p99 needs 1,000 operations,$/m,
  )
})

test('a subject that never touches Redis proves nothing and exits 3', async () => {
  const run = await cache(['--subject', 'library-unconfigured', '--fault', 'stall', '--json', ...SHORT])
  expect(run.code).toBe(3)
  expect(jsonOf(run)).toMatchObject({ verdict: 'inconclusive', inWords: null })
  expect(jsonOf(run).reason).toMatch(/^the fault never reached the subject/)
})

test('Ctrl-C under the fault exits 130 with a partial report, and nothing is left', async () => {
  let sent = false
  const run = await cache(['--fault', 'stall', '--slo', 'during.errors==0'], (text, kill) => {
    if (sent || !text.includes('during: stall')) return
    sent = true
    kill('SIGINT')
  })
  expect(run.code).toBe(130)
  expect(run.stdout).toMatch(/^after +0 /m)
  expect(run.stdout).toMatch(/^stopped {2}The run was interrupted in `during`; what is shown is partial\.$/m)
})
