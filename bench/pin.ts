import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/**
 * Keeps a process and its threads on one CPU. Where the scheduler happens to put a client and its server decides more
 * than what the client does: unpinned, the p50 of one client was 20 µs in one round and 50 in the next.
 * @returns False where that cannot be done: one CPU, or no `taskset` (util-linux).
 */
export function pin(pid: number, cpu: 0 | 1): boolean {
  if (availableParallelism() < 2) return false
  return spawnSync('taskset', ['-a', '-c', '-p', String(cpu), String(pid)], { stdio: 'ignore' }).status === 0
}
