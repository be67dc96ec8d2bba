import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { handTo } from './unprivileged-user.js'
import type { PostgresPlace } from './postgres-process.js'

interface Link {
  /** From the root of the package, both. */
  source: string
  target: string
}

/**
 * Where the loader finds the libraries of these programs under all their names; null where it does so by itself. npm packs no
 * symbolic links, so the package makes them in a script when it is installed, and many do not let it: they are made in our
 * throw-away directory then, and the package stays as it is. On Linux only.
 *
 * @param program in `native/bin` of the package
 */
export async function libraryPath(
  program: string,
  { directory, user }: Pick<PostgresPlace, 'directory' | 'user'>,
): Promise<string | null> {
  if (process.platform !== 'linux') return null
  const native = dirname(dirname(program))
  const root = dirname(native)
  const missing = (await linksOf(native)).filter(({ target }) => !existsSync(join(root, target)))
  if (missing.length === 0) return null
  const links = join(directory, 'lib')
  await mkdir(links)
  await handTo(user, links)
  for (const { source, target } of missing) await symlink(join(root, source), join(links, basename(target)))
  // A library looks for others beside the link by which it was found.
  return `${links}:${join(native, 'lib')}`
}

async function linksOf(native: string): Promise<Link[]> {
  try {
    return JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as Link[]
  } catch {
    return []
  }
}
