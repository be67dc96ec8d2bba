import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { until } from '../support/clients.js'

interface Run {
  code: number | null
  report: {
    verdict: string
    operations: number
    counts: { hits: number; counted: number }
    faults: Record<string, { witnessed: number }>
    violation: { rule: string; what: string; history: string[] } | null
  }
}

function start(...words: string[]) {
  return spawn(process.execPath, ['scripts/soak.js', '--json', ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

function run(...words: string[]): Promise<Run> {
  const child = start(...words)
  let text = ''
  child.stdout.on('data', (data: Buffer) => (text += data.toString()))
  return new Promise((resolve) =>
    child.once('close', (code) => resolve({ code, report: JSON.parse(text) as Run['report'] })),
  )
}

test('10 s of faults: nothing rejects, nothing is wrong, stale or pending', { timeout: 90_000 }, async () => {
  const { code, report } = await run('--seconds', '10', '--seed', '1')
  expect(report.violation).toBeNull()
  expect([code, report.verdict]).toEqual([0, 'pass'])
  expect(report.operations).toBeGreaterThan(10_000)
  expect(report.counts.hits).toBeGreaterThan(1000)
  expect(report.counts.counted).toBeGreaterThan(100)
  expect(Object.values(report.faults).filter(({ witnessed }) => witnessed > 0).length).toBeGreaterThan(3)
})

test.concurrent(
  'a library whose del forgets failures is found, with what happened',
  { timeout: 120_000 },
  async () => {
    const { code, report } = await run('--seconds', '60', '--seed', '1', '--mutant', 'del-ignores-failures')
    // which of the two it meets first, a value or a remembered `null`, is the machine's to say
    expect(report.violation).toMatchObject({
      rule: 'stale answer',
      what: expect.stringMatching(/was invalidated by|there was something since version/),
    })
    expect(report.violation?.history.join('\n')).toMatch(/invalidated, version \d+/)
    expect([code, report.verdict]).toEqual([1, 'fail'])
  },
)

test.concurrent('kill -9 takes everything along', { timeout: 60_000 }, async () => {
  const child = start('--seconds', '60')
  let family: number[] = []
  const number = (of: string) => family.filter((pid) => ofProc(pid, 'cmdline').includes(of)).length
  const isComplete = () => {
    family = descendants(child.pid!)
    return number('process.mjs') === 4 && number('redis-server') === 1
  }
  await until('four processes and a server', isComplete, 30_000)
  child.kill('SIGKILL')
  await until('all of them to be gone', () => !family.some(isAlive), 15_000)
})

/** Children and theirs. */
function descendants(pid: number): number[] {
  const children = ofProc(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return [...children, ...children.flatMap(descendants)]
}

function isAlive(pid: number): boolean {
  return /^\d+ \(.*\) [^Z]/.test(ofProc(pid, 'stat'))
}

/** What Linux tells about a process; nothing when it is gone. */
function ofProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
