import { cp, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { PostgresBinaries } from './postgres-binaries.js'
import type { PostgresPlace } from './postgres-process.js'

const OTHERS_MAY_ENTER = 0o001

/**
 * The programs where their user gets at them. A checkout of root's often lies in a home that nobody else may enter; they are
 * copied to our throw-away directory then (60 MB, 0.1 s).
 */
export async function withinReach(
  binaries: PostgresBinaries,
  { directory, user }: Pick<PostgresPlace, 'directory' | 'user'>,
): Promise<PostgresBinaries> {
  const bin = dirname(binaries.postgres)
  if (user === null || (await isOpen(bin))) return binaries
  const native = join(directory, 'native')
  await cp(dirname(bin), native, { recursive: true, verbatimSymlinks: true })
  const copied = (program: string) => join(native, basename(bin), basename(program))
  return { initdb: copied(binaries.initdb), postgres: copied(binaries.postgres) }
}

/** Whether everybody may enter it, and all directories above it. */
async function isOpen(directory: string): Promise<boolean> {
  const { mode } = await stat(directory)
  if ((mode & OTHERS_MAY_ENTER) === 0) return false
  const parent = dirname(directory)
  return parent === directory || isOpen(parent)
}
