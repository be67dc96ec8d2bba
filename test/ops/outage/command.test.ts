import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { TOO_BUSY } from '../experiment/one-drill.js'
import type { OutageReport } from '../../../src/ops/report/drill-report.js'

interface Run {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs the built command; `onStderr` sees what has been printed so far. */
function cache(
  args: string[],
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['bin/run.js', 'simulate-outage', ...args])
    const run: Run = { code: null, stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => {
      run.stderr += chunk.toString()
      onStderr?.(run.stderr, (signal) => child.kill(signal))
    })
    child.on('close', (code) => resolve({ ...run, code }))
  })
}

const SHORT = ['--before', '500ms', '--during', '1500ms', '--after', '1500ms']
const jsonOf = (run: Run) => JSON.parse(run.stdout) as OutageReport

describe('bad input', () => {
  test.each([
    [['--drill', 'stal'], 'UNKNOWN_DRILL', '--drill stall'],
    [['--subject', 'naive-ioredis7'], 'UNKNOWN_SUBJECT', '--subject naive-ioredis5'],
    [['--during', '2 weeks'], 'BAD_FLAG_VALUE', undefined],
    [['--during', '100ms'], 'BAD_FLAG_VALUE', undefined],
    [['--rate', '0'], 'BAD_FLAG_VALUE', undefined],
    [['--rate', '2000', '--during', '10m'], 'TOO_MANY_OPERATIONS', 'a lower --rate or a shorter --during'],
  ])('%j exits 2 with and without --json', async (args, code, suggestion) => {
    const [json, text] = await Promise.all([cache([...args, '--json']), cache(args)])
    expect([json.code, text.code]).toEqual([2, 2])
    expect(jsonOf(json).error).toMatchObject({ kind: 'usage', code })
    if (suggestion) expect(jsonOf(json).error?.suggestions).toEqual([suggestion])
    expect(text.stdout).toBe('')
    expect(text.stderr).toMatch(/^Error: /)
  })
})

test('--list names every drill and every subject', async () => {
  const [json, text] = await Promise.all([cache(['--list', '--json']), cache(['--list'])])
  const { drills, subjects } = JSON.parse(json.stdout) as Record<'drills' | 'subjects', { name: string }[]>
  expect(json.code).toBe(0)
  for (const { name } of [...drills, ...subjects]) expect(text.stdout).toContain(name)
})

test('a subject that breaks its promise exits 1 and says why', { timeout: 90_000 }, async () => {
  let run: Run
  do run = await cache(['--subject', 'naive-ioredis6', '--drill', 'stall', ...SHORT])
  while (TOO_BUSY.test(run.stdout.replace(/\s+/g, ' ')))
  expect(run.code).toBe(1)
  expect(run.stdout).toMatch(/^FAIL {5}stall {2}C3 bounded time$/m)
  expect(run.stdout).toMatch(/^FAIL {5}stall {2}C9 nothing stale after recovery$/m)
  for (const line of run.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('a subject that never touches Redis exits 3', async () => {
  const run = await cache(['--subject', 'library-unconfigured', '--drill', 'stall', '--json', ...SHORT])
  expect(run.code).toBe(3)
  const { drills, ...report } = jsonOf(run)
  expect(report).toMatchObject({ verdict: 'inconclusive', summary: { inconclusive: 1 } })
  const [drill] = drills
  expect(drill?.witness).toMatchObject({ witnessed: false })
  expect(drill?.reason).toMatch(/never reached the subject/)
  expect(new Set(drill?.clauses.map(({ result }) => result))).toEqual(new Set(['not judged']))
})

test('Ctrl-C exits 130 with one document that says it is partial', async () => {
  let sent = false
  const run = await cache(['--subject', 'naive-ioredis6', '--output', 'json=/dev/null'], (text, kill) => {
    if (sent || !text.includes('Redis is away')) return
    sent = true
    kill('SIGINT')
  })
  expect(run.code).toBe(130)
  expect(run.stdout).toMatch(/^stopped {2}0 passed, 0 failed, 1 inconclusive; interrupted/m)
})
