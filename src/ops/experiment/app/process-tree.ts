import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { cpuWaitMs } from '../cpu-wait.js'

export interface TreeUsage {
  rssBytes: number
  /** 0 where the system does not tell. */
  sockets: number
  /** Used by them since each began, and by children of theirs that have ended and been collected; never less than before. */
  cpuMs: number
  /** For how long the one that waited most was kept from running, since it began; never less than before, 0 where the system does not tell. */
  cpuWaitMs: number
}

const HAS_PROC = process.platform === 'linux'
/** What Linux tells processor time in, whatever it counts it in itself. */
const MS_PER_TICK = 10
/** Who belongs to the group is looked up this rarely: all of /proc has to be read for it. */
const MEMBERS_EVERY_MS = 1000

/** Looks at what all processes of a group hold together. Never throws: who has gone in the meantime holds nothing. */
export function watchProcessTree(leader: number): () => TreeUsage {
  let members = [leader]
  let lookedMs = -Infinity
  let usage: TreeUsage = { rssBytes: 0, sockets: 0, cpuMs: 0, cpuWaitMs: 0 }
  let asking = false
  return () => {
    const now = performance.now()
    const isTime = now - lookedMs >= MEMBERS_EVERY_MS
    if (isTime) lookedMs = now
    if (HAS_PROC) {
      if (isTime) members = membersOf(leader)
      // What a child had used is nobody's between its end and its collection, and for good if its parent went first.
      const cpuMs = Math.max(usage.cpuMs, sum(members, cpuOf))
      const waitedMs = Math.max(usage.cpuWaitMs, ...members.map((pid) => cpuWaitMs(pid) ?? 0))
      const [rssBytes, sockets] = [sum(members, rssOf), sum(members, socketsOf)]
      return (usage = { rssBytes, sockets, cpuMs, cpuWaitMs: waitedMs })
    }
    if (isTime && !asking) {
      asking = true
      execFile('ps', ['-axo', 'pgid=,rss=,time='], (_, stdout) => {
        asking = false
        const { rssBytes, cpuMs } = usageIn(String(stdout), leader)
        usage = { rssBytes, sockets: 0, cpuMs: Math.max(usage.cpuMs, cpuMs), cpuWaitMs: 0 }
      })
    }
    return usage
  }
}

/** Of one group in rows of `ps`: group, KiB, and `[[days-]hours:]minutes:seconds`. */
export function usageIn(rows: string, leader: number): Pick<TreeUsage, 'rssBytes' | 'cpuMs'> {
  const own = rows
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([group]) => Number(group) === leader)
  return {
    rssBytes: sum(own, ([, kib]) => Number(kib) * 1024),
    cpuMs: sum(own, ([, , time = '0']) => {
      const seconds = time.split(/[-:]/).map(Number).reverse()
      return sum([1, 60, 3600, 86_400], (unit, place) => unit * (seconds[place] ?? 0)) * 1000
    }),
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
      const [state, , group] = statOf(pid)
      return Number(group) === leader && state !== 'Z' && state !== 'X'
    })
}

/** Its fields from the state on. */
function statOf(pid: number): string[] {
  const stat = read(`/proc/${pid}/stat`)
  // The name in parentheses may hold anything.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** utime, stime, cutime and cstime. */
function cpuOf(pid: number): number {
  return sum(statOf(pid).slice(11, 15), Number) * MS_PER_TICK
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

function sum<T>(items: readonly T[], of: (item: T, index: number) => number): number {
  return items.reduce((total, item, index) => total + of(item, index), 0)
}
