import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export interface TreeUsage {
  rssBytes: number
  /** 0 where the system does not tell. */
  sockets: number
}

const HAS_PROC = process.platform === 'linux'
/** Who belongs to the group is looked up this rarely: all of /proc has to be read for it. */
const MEMBERS_EVERY_MS = 1000

/** Looks at what all processes of a group hold together. Never throws: who has gone in the meantime holds nothing. */
export function watchProcessTree(leader: number): () => TreeUsage {
  let members = [leader]
  let lookedMs = -Infinity
  let usage: TreeUsage = { rssBytes: 0, sockets: 0 }
  let asking = false
  return () => {
    const now = performance.now()
    const isTime = now - lookedMs >= MEMBERS_EVERY_MS
    if (isTime) lookedMs = now
    if (HAS_PROC) {
      if (isTime) members = membersOf(leader)
      return {
        rssBytes: members.reduce((sum, pid) => sum + rssOf(pid), 0),
        sockets: members.reduce((sum, pid) => sum + socketsOf(pid), 0),
      }
    }
    if (isTime && !asking) {
      asking = true
      execFile('ps', ['-axo', 'pgid=,rss='], (_, stdout) => {
        asking = false
        const rows = String(stdout)
          .split('\n')
          .map((line) => line.trim().split(/\s+/).map(Number))
        const own = rows.filter(([group]) => group === leader)
        usage = { rssBytes: own.reduce((sum, [, kib = 0]) => sum + kib * 1024, 0), sockets: 0 }
      })
    }
    return usage
  }
}

/** Whether any process of a group still runs; those that only wait to be collected do not. */
export function isGroupAlive(leader: number): boolean {
  try {
    process.kill(-leader, 0)
  } catch {
    return false
  }
  return !HAS_PROC || membersOf(leader).length > 0
}

function membersOf(leader: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = read(`/proc/${pid}/stat`)
      // The name in parentheses may hold anything.
      const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return Number(group) === leader && state !== 'Z' && state !== 'X'
    })
}

function rssOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024
}

function socketsOf(pid: number): number {
  try {
    const directory = `/proc/${pid}/fd`
    return readdirSync(directory).filter((name) => linkOf(`${directory}/${name}`).startsWith('socket:'))
      .length
  } catch {
    return 0
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
