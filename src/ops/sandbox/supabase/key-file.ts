import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory } from '../launch.js'
import { throwAwayPath, type Watchdog } from '../watchdog.js'
import type { SupabaseKeys } from './tokens.js'

/** The keys of a service, as lines of shell in a file that nobody else can read. */
export interface KeyFile {
  readonly path: string
  /** Idempotent. */
  remove(): Promise<void>
}

/** Keys are no output, not even those of a throw-away service: logs of CI keep what is printed. @throws EnvironmentError `NO_DIRECTORY` */
export async function writeKeyFile(keys: SupabaseKeys, watchdog: Watchdog): Promise<KeyFile> {
  const directory = throwAwayPath()
  watchdog.watchDirectory(directory)
  const remove = async () => {
    await rm(directory, { recursive: true, force: true })
    watchdog.forgetDirectory(directory)
  }
  try {
    await makeDirectory(directory)
    const path = join(directory, 'supabase-keys.env')
    const lines = [
      `export SUPABASE_SERVICE_ROLE_KEY=${keys.serviceRoleKey}`,
      `export SUPABASE_ANON_KEY=${keys.anonKey}`,
      `export SUPABASE_JWT_SECRET=${keys.jwtSecret}`,
    ]
    await writeFile(path, `${lines.join('\n')}\n`, { mode: 0o600 })
    return { path, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
