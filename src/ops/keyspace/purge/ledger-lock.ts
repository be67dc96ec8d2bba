import { readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { SafetyError } from '../../report/errors.js'

const LOCK_FILE = 'running'

/**
 * Two processes that write one undo file would cut off each other's lines. A process that died without giving the
 * ledger back is no obstacle; one of another machine, of which nothing can be known, is.
 *
 * @returns gives it back
 * @throws SafetyError when another process has it
 */
export async function lockLedger(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, LOCK_FILE)
  const mine = `${process.pid} ${hostname()}`
  for (;;) {
    try {
      await writeFile(path, mine, { flag: 'wx', mode: 0o600 })
      return () => rm(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const [pid = '', host = ''] = (await readFile(path, 'utf8')).split(' ')
    if (host !== hostname() || (await isAlive(Number(pid)))) {
      throw new SafetyError(
        'LEDGER_IN_USE',
        `The purge of ${directory} is still going on: process ${pid} on ${host}.`,
        ['wait for its end, or stop it there with Ctrl-C', `if it is no purge any more: remove ${path}`],
      )
    }
    await rm(path, { force: true })
  }
}

async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  // In a container whose first process collects no others, what was killed keeps its number, as a zombie.
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return !/\) Z /.test(stat)
}
