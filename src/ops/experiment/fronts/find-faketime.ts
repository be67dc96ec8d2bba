import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** For processes of several threads, as those of Node are. */
const LIBRARY = 'faketime/libfaketimeMT.so.1'
const ROOTS = ['/usr/lib', '/usr/lib64', '/usr/local/lib']

/** Where libfaketime is; null when it is not. Debian puts it below a directory that is named after the machine. */
export function findFaketime(roots: readonly string[] = ROOTS): string | null {
  const below = (root: string) => [root, ...directoriesIn(root).map((name) => join(root, name))]
  const paths = roots.flatMap(below).map((directory) => join(directory, LIBRARY))
  return paths.find((path) => existsSync(path)) ?? null
}

function directoriesIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  } catch {
    return []
  }
}
