import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LoadListReport, LoadReport } from '../../../src/ops/report/load-report.js'
import { cache, interruptAt, type Run, type RunOptions } from '../../support/cache.js'
import { cacheHere } from '../../support/here.js'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cache-load-command-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

/** Time is not the subject here: a busy machine may start operations as late as it likes. */
const env = { CACHE_LOAD_LATENESS: '10s', FORCE_COLOR: '0' }

/** As a process. */
const loadTest = (args: string[], onStderr?: RunOptions['onStderr']) =>
  cache(['load-test', ...args], { env, ...(onStderr && { onStderr }) })

const SHORT = ['--rate', '100', '--before', '500ms', '--during', '1s', '--after', '500ms']
const jsonOf = (run: Run) => JSON.parse(run.stdout) as LoadReport
const slos = (...texts: string[]) => texts.flatMap((text) => ['--slo', text])

test('bad input: nothing on stdout, and nothing was started', async () => {
  const run = await cacheHere(['load-test', '--fault', 'stal'])
  expect([run.code, run.stdout]).toEqual([2, ''])
  expect(run.stderr).toMatch(/^Error: .*stal/)
  expect(run.stderr).not.toContain('starting Redis')
})

test('--list names every fault, subject and metric', async () => {
  const json = await cacheHere(['load-test', '--list', '--json'])
  const text = await cacheHere(['load-test', '--list'])
  const { faults, subjects, metrics } = JSON.parse(json.stdout) as LoadListReport
  expect([json.code, text.code, faults[0]?.name]).toEqual([0, 0, 'none'])
  for (const { name } of [...faults, ...subjects, ...metrics]) expect(text.stdout).toContain(name)
})

describe.concurrent('as a process', () => {
  test('a refused Redis: SLOs that hold exit 0, and each form of the report says the same', async () => {
    const file = (name: string) => join(directory, name)
    writeFileSync(file('notes.txt'), 'mine')
    const run = await loadTest([
      '--fault',
      'refused',
      '--json',
      ...SHORT,
      // With much to spare: how fast it all happens is the machine's.
      ...slos('during.errors == 0', 'during.hit_rate < 100%', 'db.qps > before * 1.1'),
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
    const run = await loadTest([
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
    const run = await loadTest(
      ['--fault', 'stall', '--before', '500ms', ...slos('during.errors==0')],
      interruptAt(/during: stall/),
    )
    expect(run.code).toBe(130)
    expect(run.stdout).toMatch(/^after +0 /m)
    expect(run.stdout).toMatch(
      /^stopped {2}The run was interrupted in `during`; what is shown is partial\.$/m,
    )
  })
})
