import { existsSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/** The root of the git repository that a directory is in; the directory itself outside of any. */
export function repositoryOf(cwd: string): string {
  for (let directory = cwd; ; directory = dirname(directory)) {
    // A file, in a worktree and in a submodule.
    if (existsSync(join(directory, '.git'))) return directory
    if (dirname(directory) === directory) return cwd
  }
}

/**
 * Where a directory is in its git repository, with forward slashes; empty at the root, and outside any repository. What
 * reads a report beside the repository (a code host, a CI system) counts paths from there.
 */
export function directoryInRepository(cwd: string): string {
  return relative(repositoryOf(cwd), cwd).split(sep).join('/')
}
