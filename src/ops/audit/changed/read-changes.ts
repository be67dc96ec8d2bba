import { realpathSync, statSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import { UsageError } from '../../report/errors.js'
import { ask, output } from './git.js'
import { changesIn, type LineRange } from './hunks.js'

/** What differs from a commit in the working tree, whether committed since, staged, only written, or not yet known to git. */
export interface Changes {
  /** What was compared with, as somebody would name it. */
  since: string
  commit: string
  /** Changed lines by absolute real path; null: the whole file is new. */
  files: ReadonlyMap<string, LineRange[] | null>
}

const PLAIN = [
  '--unified=0',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--find-renames',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--ignore-submodules',
]

/** Names that the branch goes by which others start from, where the remote does not say. */
const USUAL = ['origin/main', 'origin/master', 'main', 'master']

/**
 * The changes of the repository that the first path is in.
 *
 * @param since a branch, tag or commit: changes are told from where the history of HEAD left it. Empty: from the default branch; the
 * uncommitted ones alone where there is none
 * @throws UsageError where there is no repository, no such commit, or no common history; EnvironmentError without git
 */
export async function readChanges(
  since: string,
  { paths, cwd, signal }: { paths: readonly string[]; cwd: string; signal?: AbortSignal },
): Promise<Changes> {
  const directories = paths.map((path) => directoryOf(resolve(cwd, path)))
  const git = directories[0] ?? realpathSync(cwd)
  const root = await rootOf(git, signal)
  const stranger = directories.findIndex((each) => relative(root, each).split(sep)[0] === '..')
  if (stranger !== -1) {
    throw new UsageError(
      'OTHER_REPOSITORY',
      `--changed: '${paths[stranger]!}' is not in the repository ${root}.`,
    )
  }
  const base = await baseOf(git, since, signal)
  const diff = await output(root, ['diff', ...PLAIN, base.commit, '--'], signal)
  const others = await output(root, ['ls-files', '--others', '--exclude-standard', '-z'], signal)
  const files = new Map<string, LineRange[] | null>()
  for (const [path, ranges] of changesIn(diff)) files.set(resolve(root, path), ranges)
  for (const path of others.split('\0').filter((each) => each !== '')) files.set(resolve(root, path), null)
  return { ...base, files }
}

function directoryOf(path: string): string {
  const real = realpathSync(path)
  return statSync(real).isDirectory() ? real : dirname(real)
}

async function rootOf(directory: string, signal?: AbortSignal): Promise<string> {
  const answer = await ask(directory, ['rev-parse', '--show-toplevel'], signal)
  if ('output' in answer) return realpathSync(answer.output.replace(/\n$/, ''))
  const isNone = /not a git repository/.test(answer.failure)
  throw new UsageError(
    isNone ? 'NO_REPOSITORY' : 'GIT_REFUSED',
    isNone ? `--changed: ${directory} is in no git repository.` : `--changed: git says: ${answer.failure}.`,
    isNone ? ['leave --changed out'] : [],
  )
}

async function baseOf(
  directory: string,
  since: string,
  signal?: AbortSignal,
): Promise<{ since: string; commit: string }> {
  const commitOf = async (ref: string) => {
    const answer = await ask(directory, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], signal)
    return 'output' in answer ? answer.output.trim() : undefined
  }
  const head = await commitOf('HEAD')
  if (head === undefined) {
    throw new UsageError('NO_COMMIT', '--changed: the repository has no commit yet to compare with.', [
      'leave --changed out',
    ])
  }
  // What git would read as an option, or cannot be given to a program.
  if (since.startsWith('-') || since.includes('\0')) throw await unknownRef(directory, since, signal)
  const named = since === '' ? await usualOf(directory, commitOf, signal) : since
  const commit = await commitOf(named)
  if (commit === undefined) throw await unknownRef(directory, named, signal)
  const common = await ask(directory, ['merge-base', commit, head], signal)
  if ('output' in common) return { since: named, commit: common.output.trim() }
  throw new UsageError(
    'NO_COMMON_HISTORY',
    `--changed: ${named} and HEAD have no commit in common${await inShallow(directory, signal)}.`,
    await waysOut(directory, signal),
  )
}

async function usualOf(
  directory: string,
  commitOf: (ref: string) => Promise<string | undefined>,
  signal?: AbortSignal,
): Promise<string> {
  const remote = await ask(directory, ['rev-parse', '--abbrev-ref', 'origin/HEAD'], signal)
  const named = 'output' in remote ? [remote.output.trim()] : []
  for (const ref of [...named, ...USUAL]) if ((await commitOf(ref)) !== undefined) return ref
  return 'HEAD'
}

async function unknownRef(directory: string, ref: string, signal?: AbortSignal): Promise<UsageError> {
  const where = await inShallow(directory, signal)
  return new UsageError(
    'UNKNOWN_REF',
    `--changed: '${ref.slice(0, 200)}' is no commit, branch or tag of this repository${where}.`,
    await waysOut(directory, signal),
  )
}

async function inShallow(directory: string, signal?: AbortSignal): Promise<string> {
  return (await isShallow(directory, signal)) ? ', of which only the last commits were fetched' : ''
}

async function waysOut(directory: string, signal?: AbortSignal): Promise<string[]> {
  return (await isShallow(directory, signal))
    ? ['git fetch --unshallow', 'fetch-depth: 0 for actions/checkout']
    : ['git fetch origin', '--since HEAD for what is not committed']
}

async function isShallow(directory: string, signal?: AbortSignal): Promise<boolean> {
  const answer = await ask(directory, ['rev-parse', '--is-shallow-repository'], signal)
  return 'output' in answer && answer.output.trim() === 'true'
}
