import { mkdir, rm } from 'node:fs/promises'
import { EnvironmentError } from '../../report/errors.js'
import { throwAwayPath, type Watchdog } from '../../sandbox/watchdog.js'
import type { Closing } from './closing.js'

/**
 * Makes a directory that only its owner can read, and that goes with the front, or with us.
 *
 * @throws EnvironmentError `NO_DIRECTORY`
 */
export async function throwAwayDirectory(watchdog: Watchdog, closing: Closing): Promise<string> {
  const directory = throwAwayPath()
  watchdog.watchDirectory(directory)
  closing.push(async () => {
    await rm(directory, { recursive: true, force: true })
    watchdog.forgetDirectory(directory)
  })
  await throwAway(() => mkdir(directory, { mode: 0o700 }))
  return directory
}

/** Whatever is to be written there. @throws EnvironmentError `NO_DIRECTORY` */
export async function throwAway<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    throw new EnvironmentError(
      'NO_DIRECTORY',
      `cannot write into a throw-away directory: ${(error as Error).message}`,
      ['set TMPDIR to a directory that can be written to and has free space'],
      { cause: error },
    )
  }
}
