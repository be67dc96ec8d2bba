import { readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

/** What the fixture `loud` has written of itself, its child and its door; the directory is removed. */
export function readPids(path: string): { pids: number[]; port: string } {
  const text = readFileSync(path, 'utf8')
  rmSync(dirname(path), { recursive: true })
  return JSON.parse(text) as { pids: number[]; port: string }
}

/** Whether a process runs no more; one that only waits to be collected does not. */
export function isGone(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return true
  }
}
