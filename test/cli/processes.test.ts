import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildFixtureCli, type FixtureCli } from './fixture-cli.js'

/** A loader hook: everything that is not needed to answer a signal takes for ever. */
const STUCK = `
import { writeSync } from 'node:fs'
writeSync(2, 'loading\\n')
await new Promise(() => setInterval(() => {}, 1000))
export const runCommandLine = undefined
`

/** Runs a command on a terminal of its own and closes it when a word appears there. */
const CLOSES_TERMINAL = `
import os, pty, sys
word, *argv = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(argv[0], argv)
shown = b''
while word.encode() not in shown:
    shown += os.read(terminal, 4096)
os.close(terminal)
status = os.waitpid(pid, 0)[1]
print('signal %d' % os.WTERMSIG(status) if os.WIFSIGNALED(status) else 'exit %d' % os.WEXITSTATUS(status))
`

let cli: FixtureCli
beforeAll(async () => {
  cli = await buildFixtureCli()
})
afterAll(() => cli.remove())

const json = (text: string): Record<string, unknown> & { error?: Record<string, unknown> } => JSON.parse(text)

describe.concurrent('exit codes', () => {
  const rows: [string, string[], number][] = [
    ['pass', ['check'], 0],
    ['fail', ['check', '--mode', 'fail'], 1],
    ['inconclusive', ['check', '--mode', 'inconclusive'], 3],
    ['usage error of an engine', ['check', '--mode', 'usage'], 2],
    ['unreachable', ['check', '--mode', 'unreachable'], 3],
    ['refused for safety', ['check', '--mode', 'refused'], 4],
    ['bug', ['check', '--mode', 'bug'], 70],
    ['rejection that nobody awaits', ['check', '--mode', 'crash'], 70],
    ['command that never ends', ['check', '--mode', 'never'], 70],
    ['unknown flag', ['check', '--mod', 'fail'], 2],
    ['unknown value', ['check', '--mode', 'fial'], 2],
    ['value of the wrong kind', ['check', '--rate', 'fast'], 2],
    ['value out of range', ['check', '--rate', '0'], 2],
    ['flag without its value', ['check', '--rate'], 2],
    ['unexpected argument', ['check', 'all'], 2],
    ['missing argument', ['keys', 'purge'], 2],
    ['mistyped subcommand', ['keys', 'purg'], 2],
    ['unknown command', ['chekc'], 2],
    ['unknown output format', ['check', '--output', 'yaml=x'], 2],
  ]

  it.for(rows)('%s: the same with and without --json', async ([, argv, code]) => {
    const [plain, machine] = await Promise.all([cli.run(argv), cli.run([...argv, '--json'])])
    expect([plain.code, machine.code]).toEqual([code, code])
    const document = json(machine.stdout)
    expect(document['verdict']).toBe(code === 0 ? 'pass' : code === 1 ? 'fail' : 'inconclusive')
    expect(machine.stderr).toBe('')
    expect(document.error === undefined).toBe(plain.stdout !== '')
    if (document.error) expect(plain.stderr).toContain(`Error: ${String(document.error['message'])}\n`)
    expect(plain.stderr).not.toMatch(/^\s+at /m)
  })

  it('an unknown command is answered with the nearest one, and never asked about', async () => {
    const { stdout, stderr } = await cli.run(['chekc'])
    expect([stdout, stderr]).toEqual([
      '',
      "Error: There is no command 'chekc'.\nTry: cache check\nSee: cache --help\n",
    ])
  })

  it('a mistyped subcommand is not taken for an argument', async () => {
    const { stderr } = await cli.run(['keys', 'purg'])
    expect(stderr).toBe(
      "Error: Unexpected argument: 'purg'.\nTry: cache keys purge\nSee: cache keys --help\n",
    )
  })

  it('a bug shows its stack, and that of its cause, only when asked', async () => {
    const argv = ['check', '--mode', 'bug', '--json']
    const [calm, asked] = await Promise.all([cli.run(argv), cli.run(argv, { env: { DEBUG: 'cache:*' } })])
    expect(calm.stderr).toBe('')
    expect(asked.stderr).toMatch(/^\s+at /m)
    expect(asked.stderr).toMatch(/^caused by Error: the server said no to nobody\n\s+at /m)
    expect(asked.stdout).toBe(calm.stdout)
  })
})

describe.concurrent('stdout', () => {
  it('three megabytes of JSON arrive whole through a pipe, with exit 1', () => {
    const { NODE_EXTRA_CA_CERTS: _slow, ...env } = process.env
    // A reader that starts late leaves the pipe full when the command ends.
    const script = `node bin/run.js check --mode fail --size 3000000 --json | (read -t 0.2 < /dev/zero; cat > big.json); exit \${PIPESTATUS[0]}`
    const { status } = spawnSync('bash', ['-c', script], { cwd: cli.directory, env })
    const document = json(readFileSync(join(cli.directory, 'big.json'), 'utf8')) as unknown as {
      details: { filler: string }
    }
    expect([status, document.details.filler.length]).toEqual([1, 3_000_000])
  })

  it('a reader that closes early is no failure', () => {
    const { NODE_EXTRA_CA_CERTS: _slow, ...env } = process.env
    const script = `node bin/run.js check --mode fail --size 3000000 --json | head -c 1 >/dev/null; exit \${PIPESTATUS[0]}`
    const { status, stderr } = spawnSync('bash', ['-c', script], { cwd: cli.directory, env })
    expect([status, stderr.toString()]).toEqual([1, ''])
  })

  it.runIf(process.platform === 'linux')('a result that cannot be written is not a pass', () => {
    const script = 'node bin/run.js check --json > /dev/full'
    const { status, stderr } = spawnSync('bash', ['-c', script], { cwd: cli.directory })
    expect(status).toBe(3)
    expect(stderr.toString()).toContain('could not be written')
  })

  it.runIf(process.platform === 'linux')('a file that cannot be written is named, and the others are', () => {
    const argv = ['bin/run.js', 'check', '--output', 'json=/dev/full', '--output', 'text=also.txt']
    const { status, stderr } = spawnSync(process.execPath, argv, { cwd: cli.directory })
    expect([status, stderr.toString()]).toEqual([
      3,
      expect.stringContaining('could not be written to /dev/full: ENOSPC'),
    ])
    expect(readFileSync(join(cli.directory, 'also.txt'), 'utf8')).not.toBe('')
  })

  it('is 80 columns of plain words off a terminal, and coloured only when forced', async () => {
    const [plain, forced, refused] = await Promise.all([
      cli.run(['check']),
      cli.run(['check'], { env: { FORCE_COLOR: '1' } }),
      cli.run(['check', '--no-color'], { env: { FORCE_COLOR: '1' } }),
    ])
    expect(plain.stdout).toBe('width 80\nok   verdict pass \n')
    expect(forced.stdout).toBe('width 80\n\u001B[32mok  \u001B[39m verdict pass \n')
    expect(refused.stdout).toBe(plain.stdout)
  })

  it('--quiet leaves the verdict, and nothing on stderr', async () => {
    const { stdout, stderr } = await cli.run(['check', '-q'])
    expect([stdout, stderr]).toEqual(['ok   verdict pass \n', ''])
  })

  it('progress is one line per change off a terminal', async () => {
    const { stderr } = await cli.run(['check'])
    expect(stderr).toBe('before\nduring\n')
  })
})

describe.concurrent('signals', () => {
  const atWaiting = (...signals: NodeJS.Signals[]) => {
    let sent = 0
    return (stderr: string, child: { kill(signal: NodeJS.Signals): boolean }) => {
      // The second signal follows the answer to the first.
      const due = stderr.includes('Once more') ? 2 : stderr.includes('waiting') ? 1 : 0
      while (sent < Math.min(due, signals.length)) child.kill(signals[sent++] as NodeJS.Signals)
    }
  }

  it.for([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: undoes, prints what there is, exits %i', async ([signal, code]) => {
    const ended = await cli.run(['wait'], { onStderr: atWaiting(signal) })
    expect(ended).toEqual({
      code,
      stdout: 'waited, 1 done\n',
      stderr: `waiting\n${signal}: lifting the fault. Once more to leave at once.\n`,
    })
  })

  it.for([
    [
      'a partial report',
      'return',
      { schema: 'cache.wait/1', command: 'wait', verdict: 'pass', done: 1, interrupted: true },
    ],
    [
      'no report',
      'throw',
      { schema: 'cache.wait/1', command: 'wait', verdict: 'inconclusive', interrupted: true },
    ],
  ] as const)('--json: one document with %s', async ([, then, document]) => {
    const ended = await cli.run(['wait', '--json', '--then', then], { onStderr: atWaiting('SIGINT') })
    expect([ended.code, json(ended.stdout)]).toEqual([130, document])
  })

  it('--json: a cleanup that failed is told', async () => {
    const ended = await cli.run(['wait', '--json', '--then', 'fail'], { onStderr: atWaiting('SIGINT') })
    expect([ended.code, json(ended.stdout)]).toMatchObject([
      130,
      { interrupted: true, error: { kind: 'bug' } },
    ])
  })

  it('a second signal leaves at once, with one document', async () => {
    const ended = await cli.run(['wait', '--json', '--then', 'hang'], {
      onStderr: atWaiting('SIGINT', 'SIGINT'),
    })
    expect([ended.code, json(ended.stdout)]).toMatchObject([
      130,
      { verdict: 'inconclusive', interrupted: true },
    ])
    expect(ended.stderr).toContain('SIGINT again: left at once; lifting the fault may not have finished.\n')
  })

  it('a terminal that closes says so twice, and what is being undone still comes to its end', async () => {
    const ended = await cli.run(['wait', '--then', 'slowly'], { onStderr: atWaiting('SIGHUP', 'SIGHUP') })
    expect([ended.code, ended.stdout]).toEqual([129, 'waited, 1 done\n'])
    expect(ended.stderr).not.toContain('left at once')
  })

  const python = spawnSync('python3', ['-c', 'import pty']).status === 0
  it.runIf(python)(
    'a terminal that is closed: undone, and no abort when Node puts it back as it was',
    async () => {
      const file = join(cli.directory, 'closed.json')
      const argv = [process.execPath, join(cli.directory, 'bin/run.js'), 'wait', '--output', `json=${file}`]
      const { stdout } = await promisify(execFile)('python3', ['-c', CLOSES_TERMINAL, 'waiting', ...argv])
      expect(stdout).toBe('exit 129\n')
      expect(json(readFileSync(file, 'utf8'))).toMatchObject({ done: 1, interrupted: true })
    },
  )

  it('before any command listens: one document, the exit code of the signal', async () => {
    const stuck = await buildFixtureCli()
    // What loads after the handlers stand tells us so, and then never ends.
    const chunks = join(stuck.directory, 'dist/chunks')
    const run = readdirSync(chunks).find((name) => name.startsWith('run-'))!
    writeFileSync(join(chunks, run), STUCK)
    const early = (argv: string[]) =>
      stuck.run(argv, {
        onStderr: (text, child) => void (text.includes('loading') && child.kill('SIGTERM')),
      })
    try {
      const [machine, plain] = await Promise.all([early(['check', '--json']), early(['check'])])
      expect([machine.code, plain.code]).toEqual([143, 143])
      expect(json(machine.stdout)).toEqual({
        schema: 'cache.error/1',
        command: 'cache',
        verdict: 'inconclusive',
        interrupted: true,
      })
      expect([plain.stdout, plain.stderr]).toEqual(['', 'loading\nStopped before there was a result.\n'])
    } finally {
      stuck.remove()
    }
  })

  it('what was published is not printed again', async () => {
    const ended = await cli.run(['wait', '--json', '--publish'], { onStderr: atWaiting('SIGTERM') })
    expect([ended.code, json(ended.stdout)]).toMatchObject([143, { done: 0 }])
  })
})

describe.concurrent('secrets', () => {
  const secret = 'c4nary"\\and/more@x'
  const env = { REDIS_PASSWORD: secret, DEBUG: 'cache:*' }

  it.for(['pass', 'fail', 'usage', 'unreachable', 'refused', 'bug', 'crash'])(
    'never reach stdout, stderr or a file: %s',
    async (mode) => {
      const files = ['json', 'text'].map((format) => join(cli.directory, `${mode}.${format}`))
      const outputs = [`--output=json=${files[0]}`, `--output=text=${files[1]}`]
      for (const file of files) writeFileSync(file, '')
      const argv = ['check', '--mode', mode, '--say-env', 'REDIS_PASSWORD', ...outputs]
      const [plain, machine] = [await cli.run(argv, { env }), await cli.run([...argv, '--json'], { env })]
      const written = files.map((file) => readFileSync(file, 'utf8'))
      const everything = [plain.stdout, plain.stderr, machine.stdout, machine.stderr, ...written].join('\n')
      expect(everything).not.toContain('c4nary')
      expect(everything).not.toContain('and/more')
      expect(everything).not.toContain('secret-argument')
      // The leak was attempted, and what came out instead is still JSON.
      expect(plain.stderr).toContain('straight to stderr: [redacted]')
      for (const text of [machine.stdout, written[0] ?? '']) if (text) json(text)
    },
  )

  it('a password that is a word of ours does not break the document', async () => {
    const { stdout } = await cli.run(['check', '--json'], {
      env: { REDIS_PASSWORD: 'verdict', APP_SECRET: 'cache.check/1' },
    })
    expect(json(stdout)).toMatchObject({ schema: 'cache.check/1', command: 'check', verdict: 'pass' })
  })

  it("Node's own warnings are shown under DEBUG, and without secrets", async () => {
    const argv = ['check', '--say-env', 'REDIS_PASSWORD', '-q']
    const [calm, debugging] = [
      await cli.run(argv, { env: { REDIS_PASSWORD: secret } }),
      await cli.run(argv, { env }),
    ]
    expect(calm.stderr).not.toContain('warning of')
    expect(debugging.stderr).toContain('Warning: warning of [redacted]\n')
  })

  it('a value behind an unknown flag is not repeated', async () => {
    const { stderr, stdout } = await cli.run(['check', '--pasword=hunter2', '--json'], {})
    expect(stderr + stdout).not.toContain('hunter2')
  })
})

describe.concurrent('help and version', () => {
  it.for([[[]], [['help']], [['--help']], [['-h']]])('%j shows all commands', async ([argv]) => {
    const { code, stdout } = await cli.run(argv as string[])
    expect(code).toBe(0)
    expect(stdout).toMatch(/COMMANDS\n {2}check {2}Ends as it is told\./)
  })

  it.for([[['help', 'keys', 'purge']], [['keys', 'purge', '--help']], [['keys', '--help', 'purge', '-h']]])(
    '%j shows a command',
    async ([argv]) => {
      const { code, stdout } = await cli.run(argv as string[])
      expect(code).toBe(0)
      expect(stdout).toContain('$ cache keys')
      expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true)
    },
  )

  it('help for a command that is not there is a usage error', async () => {
    const { code, stderr } = await cli.run(['help', 'kyes'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('Try: cache keys\n')])
  })

  it('--version is what oclif would print', async () => {
    const { code, stdout } = await cli.run(['--version'])
    const { platform, arch, version } = process
    expect([code, stdout]).toEqual([0, `transparent-cache/1.2.3 ${platform}-${arch} node-${version}\n`])
  })

  it('without dist/ it says how to build', async () => {
    const bare = join(cli.directory, 'bare')
    const script = `mkdir -p ${bare} && cp -r bin package.json ${bare} && node ${bare}/bin/run.js check`
    const { status, stderr } = spawnSync('bash', ['-c', script], { cwd: cli.directory })
    expect([status, stderr.toString()]).toEqual([
      3,
      'Error: cache is not built: dist/ is missing.\nTry: npm run build\n',
    ])
  })

  it('start-up loads neither a client, nor a schema, nor a spinner, nor a compiler', () => {
    const { outputs } = cli.metafile
    const entry = Object.keys(outputs).find((name) => name.endsWith('dist/src/cli/main.js')) as string
    const reached = new Set<string>()
    const visit = (name: string) => {
      if (reached.has(name)) return
      reached.add(name)
      for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') visit(path)
    }
    // What answers signals comes first, and loads all the rest at once.
    for (const { path, kind } of outputs[entry]?.imports ?? []) if (kind === 'dynamic-import') visit(path)
    visit(entry)
    const inputs = [...reached].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}))
    const packages = new Set(inputs.map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]))
    expect(packages).toContain('@oclif/core')
    for (const lazy of ['ioredis', 'zod', 'execa', 'ora', 'chalk', 'cli-table3', 'typescript']) {
      expect(packages).not.toContain(lazy)
    }
  })
})
