import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LoadListReport, LoadReport } from '../../../src/ops/report/load-report.js'

interface Run {
  code: number | null
  stdout: string
  stderr: string
}

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cache-load-command-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

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

const SHORT = ['--rate', '100', '--before', '500ms', '--during', '1s', '--after', '500ms']
const jsonOf = (run: Run) => JSON.parse(run.stdout) as LoadReport
const slos = (...texts: string[]) => texts.flatMap((text) => ['--slo', text])

describe.concurrent('as a process', () => {
  test('bad input: nothing on stdout, and nothing was started', async () => {
    const run = await cache(['--fault', 'stal'])
    expect([run.code, run.stdout]).toEqual([2, ''])
    expect(run.stderr).toMatch(/^Error: .*stal/)
    expect(run.stderr).not.toContain('starting Redis')
  })

  test('--list names every fault, subject and metric', async () => {
    const [json, text] = await Promise.all([cache(['--list', '--json']), cache(['--list'])])
    const { faults, subjects, metrics } = JSON.parse(json.stdout) as LoadListReport
    expect([json.code, text.code, faults[0]?.name]).toEqual([0, 0, 'none'])
    for (const { name } of [...faults, ...subjects, ...metrics]) expect(text.stdout).toContain(name)
  })

  test('a refused Redis: SLOs that hold exit 0, and each form of the report says the same', async () => {
    const file = (name: string) => join(directory, name)
    writeFileSync(file('notes.txt'), 'mine')
    const run = await cache([
      '--fault',
      'refused',
      '--json',
      ...SHORT,
      ...slos('during.errors == 0', 'during.hit_rate < 50%', 'db.qps > before * 2'),
      '--hgrm',
      directory,
      ...['junit=load.xml', 'markdown=load.md'].flatMap((each) => {
        const [format = '', name = ''] = each.split('=')
        return ['--output', `${format}=${file(name)}`]
      }),
    ])
    const report = jsonOf(run)
    expect([run.code, report.verdict, run.stderr]).toEqual([0, 'pass', ''])
    expect(report.slos.map(({ result }) => result)).toEqual(['pass', 'pass', 'pass'])
    expect(report.witness).toMatchObject({ witnessed: true })
    expect(report.timeline.map(({ phase }) => phase)).toEqual(['before', 'during', 'after'])
    for (const { sent } of report.phases) expect(sent).toBeGreaterThan(0)

    expect(readFileSync(file('load.xml'), 'utf8')).toContain('tests="4" failures="0" errors="0" skipped="0"')
    expect(readFileSync(file('load.md'), 'utf8')).toMatch(/^## cache load-test: ok$/m)
    const histograms = report.phases.filter(({ histogram }) => histogram !== '').map(({ name }) => name)
    for (const name of histograms) {
      const { p50Ms } = report.phases.find((each) => each.name === name)!
      const text = readFileSync(file(`${name}.hgrm`), 'utf8')
      expect(text).toMatch(/^ +Value +Percentile +TotalCount/m)
      expect(Number(/^ *([\d.]+) +0\.500000/m.exec(text)?.[1])).toBeCloseTo(p50Ms!, 1)
    }
    expect(readdirSync(directory)).toContain('notes.txt')
  })

  test('a hung Redis under a naive client: a missed SLO exits 1, within 80 columns', async () => {
    const run = await cache([
      '--subject',
      'naive-ioredis6',
      '--fault',
      'stall',
      ...SHORT,
      ...slos('during.errors == 0', 'during.p50 < 100ms', 'during.p99 < 3600s'),
    ])
    expect(run.code).toBe(1)
    expect(run.stderr).toMatch(/^warn during\.p99 needs 1,000 operations and will have about 100/m)
    expect(run.stdout).toMatch(/^ok {7}during\.errors == 0: got 0$/m)
    expect(run.stdout).toMatch(/^FAIL {5}during\.p50 < 100ms: got /m)
    expect(run.stdout).toMatch(/^skip {5}during\.p99 < 3600s: not judged: /m)
    expect(run.stdout).toMatch(/^FAIL {5}3 SLOs: 1 holds, 1 missed, 1 not judged\. A hung Redis/m)
    for (const line of run.stdout.split('\n')) expect([...line].length).toBeLessThanOrEqual(80)
  })

  test('Ctrl-C under the fault exits 130 with a partial report, and nothing is left', async () => {
    let sent = false
    const run = await cache(
      ['--fault', 'stall', '--before', '500ms', ...slos('during.errors==0')],
      (text, kill) => {
        if (sent || !text.includes('during: stall')) return
        sent = true
        kill('SIGINT')
      },
    )
    expect(run.code).toBe(130)
    expect(run.stdout).toMatch(/^after +0 /m)
    expect(run.stdout).toMatch(
      /^stopped {2}The run was interrupted in `during`; what is shown is partial\.$/m,
    )
  })
})
