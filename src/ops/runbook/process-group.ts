import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { isAlive } from './group-members.js'

/** Between SIGTERM and SIGKILL: enough for a drill of ours to lift its fault and stop its servers. */
const GRACE_MS = 5000
/** How long output is waited for when a process left behind holds the pipe open. */
const LINGER_MS = 250

export interface Invocation {
  file: string
  args: string[]
  env: Record<string, string>
  deadlineMs: number
  /** Ends the run as the deadline does. */
  signal?: AbortSignal
  onStdout(text: string): void
  onStderr(text: string): void
}

export interface Ended {
  /** Null when a signal ended it. */
  exitCode: number | null
  /** What ended it before its own end. */
  by: 'deadline' | 'interruption' | null
  /** Why it could not be started, in the system's words. */
  failure?: string
}

/** Runs programs, each in a process group of its own, and leaves none of them behind. */
export class ProcessGroups {
  readonly #leaders = new Set<number>()
  readonly #killAll = () => this.#leaders.forEach((leader) => kill(leader, 'SIGKILL'))

  constructor() {
    // A second Ctrl-C leaves no time for more.
    process.once('exit', this.#killAll)
  }

  /**
   * Runs one program with stdin closed until it ends, its deadline passes or the signal aborts; then its whole group gets
   * SIGTERM, and SIGKILL 5 s later. A process that it leaves in the background otherwise lives until `end`.
   */
  async run({ file, args, env, deadlineMs, signal, onStdout, onStderr }: Invocation): Promise<Ended> {
    if (signal?.aborted) return { exitCode: null, by: 'interruption' }
    const child = execa(file, args, {
      env,
      extendEnv: false,
      stdin: 'ignore',
      detached: true,
      cleanup: false,
      buffer: false,
      reject: false,
    })
    const leader = child.pid
    if (leader === undefined) {
      const { originalMessage = 'it cannot be started' } = await child
      return { exitCode: null, by: null, failure: originalMessage }
    }
    this.#leaders.add(leader)
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
    let isHeard = true
    const streams = [[child.stdout, onStdout] as const, [child.stderr, onStderr] as const]
    const closed = streams.map(([stream, listener]) => {
      stream.setEncoding('utf8')
      // What comes later is read all the same: a full pipe would stop a process left in the background.
      stream.on('data', (text: string) => isHeard && listener(text))
      return new Promise((resolve) => stream.once('close', resolve))
    })

    let by: Ended['by'] = null
    let killing: Promise<void> | undefined
    const stop = (why: NonNullable<Ended['by']>) => {
      by ??= why
      killing ??= this.#endGroup(leader)
    }
    const deadline = setTimeout(() => stop('deadline'), deadlineMs)
    const onAbort = () => stop('interruption')
    signal?.addEventListener('abort', onAbort, { once: true })
    const exitCode = await exit
    clearTimeout(deadline)
    signal?.removeEventListener('abort', onAbort)
    await killing
    await Promise.race([Promise.all(closed), sleep(LINGER_MS)])
    // A loop that was held up fires its timers before it reads.
    await turn()
    await turn()
    isHeard = false
    if (!isAlive(leader)) this.#leaders.delete(leader)
    return { exitCode, by }
  }

  /** Ends what the programs left in the background. */
  async end(): Promise<void> {
    await Promise.all([...this.#leaders].map((leader) => this.#endGroup(leader)))
    process.off('exit', this.#killAll)
  }

  async #endGroup(leader: number): Promise<void> {
    kill(leader, 'SIGTERM')
    const end = performance.now() + GRACE_MS
    while (isAlive(leader) && performance.now() < end) await sleep(20)
    kill(leader, 'SIGKILL')
    this.#leaders.delete(leader)
  }
}

function kill(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal)
  } catch {
    // It is gone already.
  }
}
