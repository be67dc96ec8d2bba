import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let directory: string
const scriptOf = (shell: string) => join(directory, `completion.${shell}`)
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cache-completion-'))
  for (const shell of ['bash', 'zsh', 'fish']) {
    writeFileSync(scriptOf(shell), execFileSync(process.execPath, ['bin/run.js', 'completion', shell]))
  }
})
afterAll(() => rmSync(directory, { recursive: true }))

/** What bash proposes for a line whose last word is being typed, through what `complete` registered. */
function bash(...words: string[]): string[] {
  const script = `source "$1"; shift
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    spec=$(complete -p cache); spec=\${spec#*-F }; \${spec%% *} cache "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
    printf '%s\\n' "\${COMPREPLY[@]}"`
  const run = spawnSync('bash', ['-c', script, 'bash', scriptOf('bash'), 'cache', ...words], {
    encoding: 'utf8',
  })
  expect([run.status, run.stderr]).toEqual([0, ''])
  return run.stdout.split('\n').filter((line) => line !== '')
}

describe('bash', () => {
  test.each([
    [['simulate-o'], ['simulate-outage']],
    [['simulate-outage', '--drill', 'sta'], ['stall']],
    [['simulate-outage', '--drill', '=', 'sta'], ['stall']],
    [['simulate-outage', '--drill', '='], expect.arrayContaining(['refused', 'stall', 'flap'])],
    [['load-test', '--fault', 'non'], ['none']],
    [
      ['load-test', '--rate', '5', '--subject', 'naive-ioredis'],
      ['naive-ioredis5', 'naive-ioredis6'],
    ],
    [['load-test', '--befo'], ['--before']],
    [
      ['load-test', '--json', '--reporter', ''],
      ['text', 'json', 'junit', 'markdown', 'github', 'html'],
    ],
    [['load-test', 'me'], ['merge']],
    [['load-test', 'compare', '--an'], ['--anyway']],
    [
      ['load-test', 'merge', '--reporter', 'j'],
      ['json', 'junit'],
    ],
    // Reports are files.
    [['load-test', 'merge', ''], []],
    [
      ['keys', ''],
      ['families', 'get', 'purge', 'restore'],
    ],
    [
      ['keys', 'purge', '--app'],
      ['--apply', '--apply-plan'],
    ],
    [
      ['keys', 'purge', ''],
      ['auth.validation', 'conv', 'llm.policy', 'ratelimit', 'conv-config'],
    ],
    [
      ['keys', '--family', 'conv'],
      ['conv', 'conv-config'],
    ],
    [['keys', '--fail-on', 'or'], ['orphans']],
    [['audit', '--fail-on', ''], expect.not.arrayContaining(['orphans'])],
    [
      ['audit', '--fix'],
      ['--fix', '--fix-dry-run'],
    ],
    [['audit', '--max-warnings', ''], []],
    [['audit', '--wh'], ['--why']],
    [['audit', '--why', ''], []],
    [['doctor', '--json', '--only', 'CON'], ['CON-001']],
    [['doctor', '--group', 'mem'], ['memory']],
    [
      ['config', ''],
      ['init', 'show'],
    ],
    [['doctor', '--skip', 'ENV-004'], ['ENV-004']],
    [
      ['explain', 'KEY'],
      ['KEY-001', 'KEY-002', 'KEY-003', 'KEY-004', 'KEY-005', 'KEY-006', 'KEY-007', 'KEY-008'],
    ],
    [['explain', 'st'], ['stall']],
    [['completion', 'b'], ['bash']],
    // What bash itself knows better: files, and nothing for a number.
    [['runbook', 'run', ''], []],
    [['load-test', '--rate', ''], []],
  ])('%j', (words, proposed) => {
    expect(bash(...words)).toEqual(proposed)
  })
})

const run = (shell: string, ...args: string[]) => spawnSync(shell, args, { encoding: 'utf8' })
const has = (shell: string) => run(shell, '-c', 'true').status === 0

describe.skipIf(!has('fish'))('fish', () => {
  test.each([
    ['cache simulate-outage --drill sta', ['stall']],
    ['cache keys pu', ['purge']],
    ['cache keys purge --app', ['--apply', '--apply-plan']],
    ['cache load-test --fault=ref', ['--fault=refused']],
  ])('%s', (line, proposed) => {
    const script = `source ${scriptOf('fish')}; complete -C '${line}'`
    const { stdout, stderr } = run('fish', '--no-config', '-c', script)
    const names = stdout.split('\n').filter((each) => each !== '')
    expect([names.map((each) => each.split('\t')[0]), stderr]).toEqual([proposed, ''])
  })
})

test.skipIf(!has('zsh'))('zsh can read its script', () => {
  const { status, stderr } = run('zsh', '-n', scriptOf('zsh'))
  expect([status, stderr]).toEqual([0, ''])
})

test('an unknown shell is refused with what there is', () => {
  const run = spawnSync(process.execPath, ['bin/run.js', 'completion', 'zhs'], { encoding: 'utf8' })
  expect(run.status).toBe(2)
  expect(run.stderr).toContain('bash, zsh, fish')
})

test('--json wraps the same script', () => {
  const run = spawnSync(process.execPath, ['bin/run.js', 'completion', 'bash', '--json'], {
    encoding: 'utf8',
  })
  const document = JSON.parse(run.stdout) as { verdict: string; script: string }
  expect(document).toMatchObject({ verdict: 'pass', schema: 'cache.completion/1', shell: 'bash' })
  expect(document.script).toContain('complete -o default -F _cache cache')
})
