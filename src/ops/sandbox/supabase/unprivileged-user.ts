import { chown } from 'node:fs/promises'
import { execa } from 'execa'
import { EnvironmentError } from '../../report/errors.js'

/** As whom a program runs. */
export interface User {
  uid: number
  gid: number
}

const NAME = 'nobody'

/**
 * Postgres refuses to run as root, so root runs it as `nobody`, who is there already; null for everybody else, who runs it
 * himself.
 *
 * @throws EnvironmentError `NO_UNPRIVILEGED_USER`
 */
export async function unprivilegedUser(): Promise<User | null> {
  if (process.getuid?.() !== 0) return null
  const [uid, gid] = await Promise.all([idOf('-u'), idOf('-g')])
  if (uid !== null && gid !== null) return { uid, gid }
  throw new EnvironmentError(
    'NO_UNPRIVILEGED_USER',
    `Postgres does not run as root, and there is no user ${NAME} to run it as.`,
    ['run this as a user other than root'],
  )
}

/** Gives him a file or directory of ours. */
export async function handTo(user: User | null, path: string): Promise<void> {
  if (user !== null) await chown(path, user.uid, user.gid)
}

async function idOf(flag: '-u' | '-g'): Promise<number | null> {
  const { stdout, failed } = await execa('id', [flag, NAME], { reject: false, stdin: 'ignore' })
  return !failed && /^\d+$/.test(stdout) ? Number(stdout) : null
}
