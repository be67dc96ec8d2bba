import { existsSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/**
 * Where a directory is in its git repository, with forward slashes; empty at the root, and outside any repository. What
 * reads a report beside the repository (a code host, a CI system) counts paths from there.
 */
export function directoryInRepository(cwd: string): string {
  for (let directory = cwd; ; directory = dirname(directory)) {
    // A file, in a worktree and in a submodule.
    if (existsSync(join(directory, '.git'))) return relative(directory, cwd).split(sep).join('/')
    if (dirname(directory) === directory) return ''
  }
}
