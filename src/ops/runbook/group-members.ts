import { readdirSync, readFileSync } from 'node:fs'

/**
 * Whether a process group has a member that still runs. In a container whose first process collects the dead late, they
 * answer signals for seconds; where there is /proc they do not count.
 */
export function isAlive(leader: number): boolean {
  try {
    process.kill(-leader, 0)
  } catch {
    return false
  }
  try {
    return readdirSync('/proc').some((name) => /^\d+$/.test(name) && runsIn(leader, name))
  } catch {
    return true
  }
}

function runsIn(leader: number, pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold anything.
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(group) === leader && state !== 'Z' && state !== 'X'
  } catch {
    return false
  }
}
