import { readFile } from 'node:fs/promises'
import type { Info } from './info.js'

const NAME = /^(?:redis|valkey|keydb)/
/** The server counts from its configuration on, in whole seconds. */
const LATER_S = 5
/** USER_HZ, which Linux tells programs on every architecture that Node runs on. */
const TICKS_PER_S = 100

/** The server as a process of this machine. */
export interface ProcessHere {
  /** Null where the system does not tell. */
  swappedBytes(): Promise<number | null>
}

/**
 * The process that INFO speaks of, if it is one of this machine; null when that is not certain. An address does not tell:
 * behind a local port may be a tunnel or a container. So the number must be that of a process here which has the name of
 * a server and was started when the server says that it was. Linux only.
 */
export async function processHere(info: Info): Promise<ProcessHere | null> {
  const [pid, uptime] = [info.number('process_id'), info.number('uptime_in_seconds')]
  if (pid === null || uptime === null) return null
  const [stat, sinceBoot] = await Promise.all([read(`/proc/${pid}/stat`), read('/proc/uptime')])
  // The name stands in parentheses and may hold more of them.
  const [, name, rest] = /^\d+ \((.*)\) (.*)/s.exec(stat ?? '') ?? []
  if (name === undefined || rest === undefined || sinceBoot === null || !NAME.test(name)) return null
  const age = Number.parseFloat(sinceBoot) - Number(rest.split(' ')[19]) / TICKS_PER_S
  if (!(Math.abs(age - uptime) <= LATER_S)) return null
  return {
    async swappedBytes() {
      const [, kibibytes] = /^VmSwap:\s+(\d+) kB/m.exec((await read(`/proc/${pid}/status`)) ?? '') ?? []
      return kibibytes === undefined ? null : Number(kibibytes) * 1024
    },
  }
}

async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    // No such process, another system, or /proc is hidden.
    return null
  }
}
