import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory } from '../../sandbox/launch.js'
import { throwAwayPath, type Watchdog } from '../../sandbox/watchdog.js'

/** What whoever asks the control port must show, in a file that nobody else can read. */
export interface TokenFile {
  readonly path: string
  readonly token: string
  /** Idempotent. */
  remove(): Promise<void>
}

/** @throws EnvironmentError `NO_DIRECTORY` */
export async function writeTokenFile(watchdog: Watchdog): Promise<TokenFile> {
  const token = randomBytes(32).toString('base64url')
  const directory = throwAwayPath()
  watchdog.watchDirectory(directory)
  const remove = async () => {
    await rm(directory, { recursive: true, force: true })
    watchdog.forgetDirectory(directory)
  }
  try {
    await makeDirectory(directory)
    const path = join(directory, 'proxy-token')
    await writeFile(path, `${token}\n`, { mode: 0o600, flag: 'wx' })
    return { path, token, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
