import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { OutageReport } from '../../../src/ops/report/drill-report.js'
import { freePort } from '../../../src/ops/sandbox/free-port.js'
import { TOO_BUSY } from '../experiment/one-drill.js'

const APPS = ['express-app', 'upstash-app']

describe.each(APPS)('%s', (app) => {
  const partsOf = (version: string) => {
    const [title, ...lines] = readFileSync(`examples/${app}/${version}.mjs`, 'utf8').split('\n')
    const begin = lines.findIndex((line) => /^\/\/ What differs from \w+\.mjs begins here\.$/.test(line))
    const end = lines.indexOf('// What differs ends here.')
    // The line before it imports what the block is made of.
    return {
      title,
      shared: [...lines.slice(0, begin - 2), ...lines.slice(end + 1)],
      own: lines.slice(begin, end),
    }
  }

  test('naive and fixed differ in nothing but what its README names', () => {
    const [naive, fixed] = [partsOf('naive'), partsOf('fixed')]
    expect(naive.shared).toEqual(fixed.shared)
    expect(naive.shared.length).toBeGreaterThan(40)
    for (const { own } of [naive, fixed]) expect(own.length).toBeGreaterThan(10)
  })
})

/** What is at stake for the fixed one is an answer against none, not how fast a machine is that other tests keep busy. */
const PATIENT = { CACHE_OUTAGE_BUDGETS_P99: '4s', CACHE_OUTAGE_BUDGETS_WORST: '5s' }

/** On port and servers of its own; long enough for p99 of each phase, and for C8 and C10 to be able to fail. */
async function drill(app: string, version: string, ...flags: string[]) {
  const port = await freePort()
  const args = ['--ready', `http://127.0.0.1:${port}/health`, '--probes', `examples/${app}/probes.yaml`]
  const phases = ['--rate', '40', '--before', '3s', '--during', '3s', '--after', '5500ms']
  const command = ['--', process.execPath, `examples/${app}/${version}.mjs`]
  const child = spawn(
    process.execPath,
    [
      'bin/run.js',
      'simulate-outage',
      '--json',
      '--with',
      'supabase',
      ...flags,
      ...phases,
      ...args,
      ...command,
    ],
    {
      env: { ...process.env, ...(version === 'fixed' ? PATIENT : {}), PORT: String(port) },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  const code = await new Promise((resolve) => child.on('close', resolve))
  const report = JSON.parse(stdout) as OutageReport
  const failed = (report.drills[0]?.clauses ?? []).flatMap(({ id, result }) =>
    result === 'fail' ? [id] : [],
  )
  return { code, failed, reason: report.drills[0]?.reason ?? '' }
}

const all = process.env['DRILLS'] === 'all'

describe.concurrent('an outage', () => {
  test.each([
    ['express-app', ['--drill', 'stall']],
    ...(all ? [['upstash-app', ['--backend', 'upstash', '--drill', 'upstash-hang']] as const] : []),
  ] as const)(
    'is noticed by callers of the naive %s, and not by those of the fixed one',
    { timeout: 120_000 },
    async (app, flags) => {
      const naive = await drill(app, 'naive', ...flags)
      const fixed = await drill(app, 'fixed', ...flags)
      if (!TOO_BUSY.test(naive.reason)) {
        expect(naive.code).toBe(1)
        expect(naive.failed).toEqual(expect.arrayContaining(['C3', 'C4', 'C10']))
      }
      if (!TOO_BUSY.test(fixed.reason)) expect([fixed.code, fixed.failed, fixed.reason]).toEqual([0, [], ''])
    },
  )
})
