import { readdirSync, readFileSync, rmSync } from 'node:fs'

const SHARED_MEMORY = '/dev/shm'
const NAME = /^faketime_shm_(\d+)$/
const LOOK_EVERY_MS = 100

/**
 * Takes away the names of what libfaketime makes in shared memory for each process under it, as soon as it is there: who has
 * it keeps it, and a process that is killed cannot leave it behind.
 *
 * @param file of the clock, by which our processes are told from those of others
 */
export function faketimeTraces(file: string): { stop(): void } {
  const timer = setInterval(() => removeTraces(file), LOOK_EVERY_MS).unref()
  return {
    stop: () => clearInterval(timer),
  }
}

function removeTraces(file: string): void {
  try {
    for (const name of readdirSync(SHARED_MEMORY)) {
      const pid = NAME.exec(name)?.[1]
      if (pid === undefined || !isOurs(pid, file)) continue
      rmSync(`${SHARED_MEMORY}/${name}`, { force: true })
      rmSync(`${SHARED_MEMORY}/sem.faketime_sem_${pid}`, { force: true })
    }
  } catch {
    // Without such a directory nothing is left in it.
  }
}

function isOurs(pid: string, file: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .includes(`FAKETIME_TIMESTAMP_FILE=${file}`)
  } catch {
    return false
  }
}
