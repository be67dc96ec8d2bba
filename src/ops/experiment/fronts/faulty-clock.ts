import { execFile } from 'node:child_process'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ClockCounts, FaultyClock } from '../../faults/doors/clock-door.js'
import { ask } from '../../sandbox/ask.js'
import { faketimeTraces } from './faketime-traces.js'

/** What starting a process and asking the server may take on a busy machine; far less than a clock is wrong by. */
const TOLERANCE_MS = 10_000
const LOOK_DEADLINE_MS = 5000
const TELL_TIME = 'process.stdout.write(String(Date.now()))'

export interface FaketimeClock extends FaultyClock {
  /** Of the environment of a process that is to go by this clock. */
  readonly variables: Readonly<Record<string, string>>
  /** Resolves when nothing of it goes on. Idempotent. */
  stop(): Promise<void>
}

/**
 * A clock that libfaketime reads from a file: whoever is started with `variables` goes by it, also in what is not Node. Its
 * monotonic clock, and so its timers, stay right.
 *
 * @param library path of libfaketime · @param directory ours, for the file
 * @param server whose clock is right
 */
export async function faketimeClock(
  library: string,
  directory: string,
  server: { host: string; port: number },
): Promise<FaketimeClock> {
  const file = join(directory, 'clock')
  const variables = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
  const counts: ClockCounts = { jumpsAhead: 0, jumpsBehind: 0, clocksFixed: 0 }
  const traces = faketimeTraces(file)
  const looks = new Set<Promise<void>>()
  let next: NodeJS.Timeout | undefined
  let changes = Promise.resolve()

  // Never half a file for who reads it at every look at the clock.
  const write = async (byMs: number) => {
    await writeFile(`${file}.next`, `${byMs < 0 ? '-' : '+'}${Math.abs(byMs) / 1000}\n`, { mode: 0o600 })
    await rename(`${file}.next`, file)
  }
  const look = async (byMs: number) => {
    const seenMs = await aheadOf(server, variables)
    if (Math.abs(seenMs - byMs) > TOLERANCE_MS) return
    counts[byMs > 0 ? 'jumpsAhead' : 'jumpsBehind']++
  }
  const set = async (byMs: number) => {
    await write(byMs)
    if (byMs === 0) return
    const looking = look(byMs)
      .catch(() => undefined)
      .finally(() => looks.delete(looking))
    looks.add(looking)
  }
  const inTurn = (change: () => Promise<void>) => {
    const changed = changes.then(() => {
      clearTimeout(next)
      return change()
    })
    changes = changed.catch(() => undefined)
    return changed
  }
  const follow = async ([step, ...rest]: Parameters<FaultyClock['follow']>[0]): Promise<void> => {
    if (!step) return
    await set(step.byMs)
    if (rest.length > 0) next = setTimeout(() => void inTurn(() => follow(rest)), step.forMs)
  }

  await write(0)
  return {
    variables,
    counts: () => ({ ...counts }),
    wrongBy: (ms) => inTurn(() => set(ms)),
    follow: (steps) => inTurn(() => follow(steps)),
    async stop() {
      await inTurn(() => Promise.resolve())
      await Promise.all(looks)
      traces.stop()
    },
  }
}

/** How far the clock of a process with these variables is ahead of the server's. */
async function aheadOf(server: { host: string; port: number }, env: Record<string, string>): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', TELL_TIME], {
    env,
    timeout: LOOK_DEADLINE_MS,
  })
  const [seconds] = await ask({ ...server, deadlineMs: LOOK_DEADLINE_MS }, [
    'EVAL',
    "return redis.call('TIME')[1]",
    '0',
  ])
  return Number(stdout) - Number(seconds) * 1000
}
