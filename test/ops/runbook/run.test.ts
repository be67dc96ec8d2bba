import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { RunbookRunReport } from '../../../src/ops/report/runbook-report.js'
import { isAlive } from '../../../src/ops/runbook/group-members.js'
import { runRunbook, type RunbookOptions } from '../../../src/ops/runbook/run-runbook.js'
import { until } from '../../support/clients.js'

const directory = mkdtempSync(join(tmpdir(), 'cache-runbook-'))
afterAll(() => rmSync(directory, { recursive: true }))
let count = 0

/** `info` and `body` of each block; the document has a heading for each. */
function run(
  blocks: [info: string, body: string][],
  options: Partial<RunbookOptions> = {},
): Promise<RunbookRunReport> {
  const path = join(directory, `${count++}.md`)
  const text = blocks.map(([info, body], index) => `## Part ${index}\n\n\`\`\`${info}\n${body}\n\`\`\`\n`)
  writeFileSync(path, text.join('\n'))
  return runRunbook({ address: path, builtIns: resolve('runbooks'), cli: resolve('bin/run.js'), ...options })
}
const statuses = ({ steps }: RunbookRunReport) => steps.map(({ name, status }) => `${name} ${status}`)

describe('steps', () => {
  it('share variables within a block, and each command is judged on its own output', async () => {
    const report = await run([
      ['bash', 'x=1\necho "$x"  # Expected: 1\nx=2\necho $x\n# Expected: 2\n# Expected: < 3\necho 9'],
    ])
    expect(report).toMatchObject({ verdict: 'pass', summary: { passed: 1, assertions: 3 } })
    expect(report.steps[0]).toMatchObject({ exitCode: 0, output: '1\n2\n9' })
  })

  it('the first that fails ends the run, and cleanup runs last', async () => {
    const report = await run([
      ['sh cleanup name=tidy', 'echo tidied'],
      ['bash', 'echo PONK >&2\n# Expected: PONG'],
      ['bash', 'echo never'],
      ['sh cleanup name=sweep', 'false'],
    ])
    expect(statuses(report)).toEqual(['part-1 failed', 'part-2 not run', 'tidy passed', 'sweep failed'])
    expect(report.verdict).toBe('fail')
    expect(report.steps[0]).toMatchObject({
      reason: 'expected PONG, got PONK',
      assertions: [{ result: 'fail', actual: 'PONK', line: 11 }],
    })
  })

  it('a loop is judged each time, and what it never came to is not met', async () => {
    const loop = 'for i in 1 0 1; do\n  echo $i\n  # Should be > 0\ndone'
    const branch = 'if false; then\n  echo 1\n  # Expected: 1\nfi'
    const [looped, branched] = await Promise.all([run([['bash', loop]]), run([['bash', branch]])])
    expect(looped.steps[0]?.assertions).toMatchObject([{ result: 'fail', actual: '0' }])
    expect(branched.steps[0]).toMatchObject({ status: 'failed', assertions: [{ result: 'not judged' }] })
  })

  it('a command that fails is judged by its last words, and says its line of the document', async () => {
    const report = await run([
      ['bash', 'echo a\n# Expected: a\ncat /nowhere\n# Expected: b\necho c\n# Expected: c'],
    ])
    expect(report.steps[0]?.assertions.map(({ result }) => result)).toEqual(['pass', 'fail', 'not judged'])
    const unset = await run([['bash', 'true\necho $NOPE']])
    expect(unset.steps[0]?.reason).toBe(
      'exit code 1: NOPE is not set; a block sees what its fence declares, env=NOPE',
    )
    expect(unset.steps[0]?.output).toContain('line 5: NOPE')
  })

  it('see declared variables only; a cache block sees all', async () => {
    const env = { ...process.env, SECRET: 's', GIVEN: 'g', REDIS_URL: 'x', CACHE_DRILLS_DISABLED: '1' }
    const report = await run(
      [
        ['bash env=GIVEN,OTHER=o', 'echo "[$(printenv SECRET)] $GIVEN $OTHER"\n# Expected: [] g o'],
        ['bash', 'printenv CACHE_DRILLS_DISABLED\n# Expected: 1'],
      ],
      { env },
    )
    expect(report.steps.map(({ status }) => status)).toEqual(['passed', 'passed'])
    await expect(run([['bash env=ABSENT', 'true']], { env })).rejects.toMatchObject({
      kind: 'environment',
      code: 'RUNBOOK_VARIABLE_MISSING',
    })
    await expect(run([['bash requires=no-such-tool', 'true']])).rejects.toMatchObject({
      code: 'RUNBOOK_TOOL_MISSING',
    })
  })

  it('print without end: the end is kept, and what a terminal would obey is gone', async () => {
    const report = await run([
      [
        'bash',
        'head -c 3000000 /dev/zero | tr "\\0" x\nprintf "\\n\\033[31mred\\033[0m\\n"\n# Expected: red',
      ],
    ])
    expect(report.steps[0]?.status).toBe('passed')
    expect(report.steps[0]?.output.length).toBeLessThanOrEqual(4096)
    expect(report.steps[0]?.output).toMatch(/x\nred$/)
  })

  it('a block that expects its exit code passes with it', async () => {
    const report = await run([
      ['bash expect="exit code 3"', 'exit 3'],
      [
        'cache',
        'simulate-outage --drill nope\n# Expected: exit code 2\nsandbox --help\n# Expected: contains USAGE',
      ],
    ])
    expect(statuses(report)).toEqual(['part-0 passed', 'part-1 passed'])
  })
})

describe('manual steps', () => {
  it('are skipped where nobody is, shown where somebody is, and never run', async () => {
    const blocks: [string, string][] = [
      ['bash manual', `touch ${directory}/ran`],
      ['bash', 'true'],
    ]
    expect(statuses(await run(blocks))).toEqual(['part-0 skipped', 'part-1 passed'])
    expect(statuses(await run(blocks, { attended: true }))).toEqual(['part-0 manual', 'part-1 passed'])
    expect(() => readFileSync(`${directory}/ran`)).toThrow('ENOENT')
  })

  it('alone prove nothing', async () => {
    expect(await run([['bash manual', 'true']])).toMatchObject({ verdict: 'inconclusive' })
    expect(await run([['console', '$ true']])).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('console blocks do not run') as string,
    })
  })
})

describe('dangerous commands', () => {
  it.for([
    'redis-cli FLUSHALL',
    'redis-cli flushdb',
    'redis-cli SHUTDOWN SAVE',
    'redis-cli --raw KEYS "a:*"',
    'redis-cli DEBUG SLEEP 5',
  ])('refused before anything runs: %s', async (command) => {
    const marker = join(directory, `dangerous-${count}`)
    const blocks: [string, string][] = [
      ['bash', `touch ${marker}`],
      ['bash', `true\n${command}`],
    ]
    await expect(run(blocks)).rejects.toMatchObject({ kind: 'safety', code: 'RUNBOOK_DANGEROUS_COMMAND' })
    expect(() => readFileSync(marker)).toThrow('ENOENT')
    expect(
      statuses(
        await run([
          ['bash manual', command],
          ['bash', 'true'],
        ]),
      ),
    ).toEqual(['part-0 skipped', 'part-1 passed'])
  })

  it.for(['DEBUG=cache:* true', 'true # never FLUSHALL', 'true --keys-file x', 'echo debugging'])(
    'not refused: %s',
    async (command) => {
      expect((await run([['bash', command]])).verdict).toBe('pass')
    },
  )

  it('a placeholder is never run', async () => {
    await expect(run([['bash', 'redis-cli -h <redis-host> ping']])).rejects.toMatchObject({
      kind: 'usage',
      code: 'RUNBOOK_PLACEHOLDER',
      suggestions: expect.arrayContaining([
        '"$REDIS_HOST", declared on the fence: env=REDIS_HOST',
      ]) as string[],
    })
  })
})

describe('a step that does not end', () => {
  it('is killed at its deadline with all it started, also what ignores SIGTERM', async () => {
    const file = join(directory, 'group')
    const report = await run([
      ['bash timeout=300ms', `echo $$ > ${file}\ntrap '' TERM\n(trap '' TERM; sleep 600) & sleep 600`],
      ['bash', 'true'],
      ['bash cleanup', 'echo cleaned'],
    ])
    expect(statuses(report)).toEqual(['part-0 timed out', 'part-1 not run', 'part-2 passed'])
    expect(report).toMatchObject({ verdict: 'fail', summary: { timedOut: 1 } })
    expect(isAlive(Number(readFileSync(file, 'utf8')))).toBe(false)
  })

  it('is ended by an abort, after which only cleanup runs', async () => {
    const controller = new AbortController()
    const file = join(directory, 'started')
    const running = run(
      [
        ['bash', `echo $$ > ${file}; sleep 600`],
        ['bash', 'true'],
        ['bash cleanup', 'echo cleaned'],
      ],
      { signal: controller.signal },
    )
    const leader = () => {
      try {
        return Number(readFileSync(file, 'utf8'))
      } catch {
        return 0
      }
    }
    await until('the step has begun', () => leader() > 0)
    controller.abort()
    const report = await running
    expect(statuses(report)).toEqual(['part-0 interrupted', 'part-1 not run', 'part-2 passed'])
    expect(report.verdict).toBe('inconclusive')
    expect(isAlive(leader())).toBe(false)
  })

  it('what it leaves in the background serves the next step and ends with the run', async () => {
    const file = join(directory, 'background')
    const report = await run([
      ['bash', `echo $$ > ${file}; sleep 600 &\necho started\n# Expected: started`],
      ['bash', `kill -0 -$(cat ${file}) && echo alive\n# Expected: alive`],
    ])
    expect(statuses(report)).toEqual(['part-0 passed', 'part-1 passed'])
    expect(isAlive(Number(readFileSync(file, 'utf8')))).toBe(false)
  })
})

describe('a command of ours that cannot tell', () => {
  /** A program that ends with one code after the other, and says how often it ran. */
  const endingWith = (...codes: number[]) => {
    const counter = join(directory, `${count}.runs`)
    const cli = join(directory, `${count}.cjs`)
    writeFileSync(
      cli,
      `const { appendFileSync, readFileSync } = require('node:fs')
appendFileSync(${JSON.stringify(counter)}, '.')
const runs = readFileSync(${JSON.stringify(counter)}, 'utf8').length
console.log('run', runs)
process.exitCode = ${JSON.stringify(codes)}[runs - 1]`,
    )
    return { cli, runs: () => readFileSync(counter, 'utf8').length }
  }
  const step = (info: string, expectation = '') =>
    [`cache name=drill ${info}`, `drill${expectation}`] as [string, string]

  it('is inconclusive, is run once unless more is allowed, and ends the run', async () => {
    const { cli, runs } = endingWith(3)
    const report = await run([step('', '\n# Expected: 7'), ['sh', 'echo never']], { cli })
    expect(statuses(report)).toEqual(['drill inconclusive', 'part-1 not run'])
    expect([report.verdict, report.reason, runs()]).toEqual(['inconclusive', 'drill could not be told', 1])
    expect(report.steps[0]).toMatchObject({
      reason: 'it could not be told (exit code 3)',
      assertions: [{ result: 'not judged', actual: null }],
    })
    expect(report.steps[1]?.reason).toBe('drill could not be told')
    expect(report.summary).toMatchObject({ inconclusive: 1, failed: 0, notRun: 1 })
  })

  it('is no pass of the run, whatever else passed', async () => {
    const { cli } = endingWith(3)
    const report = await run([['sh', 'true'], step('')], { cli })
    expect(statuses(report)).toEqual(['part-0 passed', 'drill inconclusive'])
    expect(report.verdict).toBe('inconclusive')
  })

  it('may run again until it can, and says how often it ran; only the last time is judged', async () => {
    const { cli, runs } = endingWith(3, 3, 0)
    const report = await run([step('attempts=5', '\n# Expected: run 3')], { cli })
    expect([report.verdict, runs()]).toEqual(['pass', 3])
    expect(report.steps[0]).toMatchObject({ status: 'passed', attempts: 3, output: 'run 3' })
  })

  it.each([
    ['what failed is never tried again', [1, 0], 'attempts=3', 'failed', 1],
    ['what fails at the second attempt has failed', [3, 1, 0], 'attempts=3', 'failed', 2],
    ['three attempts are three', [3, 3, 3, 0], 'attempts=3', 'inconclusive', 3],
    ['who expects exit code 3 is told at once', [3, 3], 'attempts=3 expect="exit code 3"', 'passed', 1],
  ])('%s', async (_, codes, info, status, times) => {
    const { cli, runs } = endingWith(...codes)
    const report = await run([step(info)], { cli })
    expect([report.steps[0]?.status, runs()]).toEqual([status, times])
  })

  it('is not tried again when the time for it is not there', async () => {
    const { cli, runs } = endingWith(3, 0)
    let nowMs = 0
    // Each look at the clock is 2 s after the last, so that an attempt takes 8 of the 10.
    const report = await run([step('attempts=3 timeout=10s')], { cli, now: () => (nowMs += 2000) })
    expect([report.steps[0]?.status, runs()]).toEqual(['inconclusive', 1])
  })

  it('of a shell exit code 3 is a failure like any other', async () => {
    const report = await run([['bash', 'exit 3']])
    expect(report.steps[0]).toMatchObject({ status: 'failed', reason: 'exit code 3' })
  })
})
