import { execFile } from 'node:child_process'
import { EnvironmentError, UsageError } from '../../report/errors.js'

// A repository may name programs of its own for these, which nobody expects a check to start.
const HARMLESS = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false', '--no-pager']
// A hook of git sets these for its own repository, relative to a directory that need not be ours.
const OF_HOOKS = new Set(['GIT_DIR', 'GIT_WORK_TREE', 'GIT_PREFIX'])

/** What git answered: its output, or the reason why there is none. */
export type Answer = { output: string } | { failure: string }

/** Asks the git of a directory; arguments are never read by a shell, nor output by a pager. */
export function ask(directory: string, args: readonly string[], signal?: AbortSignal): Promise<Answer> {
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_HOOKS.has(name))),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
  }
  const options = { cwd: directory, env, maxBuffer: 2 ** 30, ...(signal && { signal }) }
  return new Promise((resolve, reject) => {
    execFile('git', [...HARMLESS, ...args], options, (error, output, complaint) => {
      if (error === null) resolve({ output })
      else if (error.code === 'ENOENT') reject(missing(error))
      else if (typeof error.code !== 'number') reject(error as Error)
      else
        resolve({
          failure: complaint
            .trim()
            .split('\n')[0]!
            .replace(/^fatal: /, ''),
        })
    })
  })
}

/** @throws UsageError where git refuses */
export async function output(
  directory: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const answer = await ask(directory, args, signal)
  if ('output' in answer) return answer.output
  throw new UsageError('GIT_REFUSED', `--changed: git ${args[0]!} says: ${answer.failure}.`)
}

function missing(cause: unknown): EnvironmentError {
  return new EnvironmentError(
    'GIT_MISSING',
    'Changes are told by git, which is not installed.',
    ['leave --changed out'],
    { cause },
  )
}
