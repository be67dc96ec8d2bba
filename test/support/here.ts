import { resolve } from 'node:path'
import { Config, settings } from '@oclif/core'
import { vi } from 'vitest'
import { resolveCommand } from '../../src/cli/resolve-command.js'
import type { Run, RunOptions } from './cache.js'

// As of a process: otherwise oclif looks for sources beside the bundle.
settings.enableAutoTranspile = false
const ROOT = resolve('.')
let config: Promise<Config> | undefined
let turn: Promise<unknown> = Promise.resolve()

/**
 * What `cache` would answer, said by the built command in this very process: for lines whose exit code and words are the
 * subject. The start of a process costs ten times as much, and is proved where a process is the subject.
 *
 * One at a time, whoever asks: streams, environment and directory are the process's.
 */
export function cacheHere(args: readonly string[], options: Omit<RunOptions, 'onStderr'> = {}): Promise<Run> {
  const run = turn.then(() => runHere(args, options))
  turn = run.catch(() => undefined)
  return run
}

async function runHere(args: readonly string[], { env = {}, cwd = ROOT }: RunOptions): Promise<Run> {
  const run: Run = { code: null, stdout: '', stderr: '' }
  const before = { env: { ...process.env }, exitCode: process.exitCode }
  const taken = (name: 'stdout' | 'stderr') =>
    vi.spyOn(process[name], 'write').mockImplementation(((chunk: unknown, ...rest: unknown[]) => {
      run[name] += String(chunk)
      const done = rest.at(-1)
      if (typeof done === 'function') done()
      return true
    }) as never)
  config ??= Config.load({ root: ROOT })
  const loaded = await config
  const { id, rest } = resolveCommand(args, loaded)
  const command = loaded.findCommand(id ?? '', { must: true })
  const spies = [taken('stdout'), taken('stderr')]
  become({ PATH: before.env['PATH'], ...env })
  process.chdir(cwd)
  process.exitCode = undefined
  try {
    await (await command.load()).run(rest, loaded)
    run.code = Number(process.exitCode ?? 0)
    return run
  } finally {
    process.chdir(ROOT)
    become(before.env)
    process.exitCode = before.exitCode
    for (const spy of spies) spy.mockRestore()
  }
}

function become(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name]
  for (const [name, value] of Object.entries(env)) if (value !== undefined) process.env[name] = value
}
