import { execa } from 'execa'
import type { Watchdog } from '../watchdog.js'
import type { User } from './unprivileged-user.js'

const KEPT_LINES = 20

/** Where the programs of Postgres run. */
export interface PostgresPlace {
  /** Theirs alone, and thrown away. */
  directory: string
  user: User | null
  watchdog: Watchdog
  /** Where the loader looks for libraries first; null: nowhere. */
  libraries: string | null
}

/** One run of `initdb` or `postgres`, which both speak on stderr. */
export interface PostgresProcess {
  readonly pid: number
  /** How it ended, such as `exit code 1` or `SIGKILL`. Its children may live a moment longer. */
  readonly exited: Promise<string>
  /** As `exited`, once its last word has been heard as well. */
  readonly closed: Promise<string>
  /** The first match of a pattern in a line; null when it fell silent without. Ask at once: what was said before is gone. */
  heard(pattern: RegExp): Promise<RegExpExecArray | null>
  /** Newest last. */
  lastLines(): string[]
  /** Does nothing once it has ended: its number may belong to a stranger by then. */
  signal(signal: NodeJS.Signals): void
}

/** Throws when it cannot be started. */
export async function startPostgresProcess(
  path: string,
  args: readonly string[],
  { directory, user, watchdog, libraries }: PostgresPlace,
): Promise<PostgresProcess> {
  const child = execa(path, args, {
    cwd: directory,
    // Nothing of PGDATA, PGPORT and the like: they would speak of somebody else's server.
    env: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      LC_ALL: 'C',
      TZ: 'UTC',
      ...(libraries !== null && { LD_LIBRARY_PATH: libraries }),
    },
    extendEnv: false,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    // A session of its own: Ctrl-C in the terminal is for us, and we decide when it goes.
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    ...user,
  })
  const { pid, stderr } = child
  if (pid === undefined) throw new Error((await child).originalMessage ?? 'cannot be started')
  watchdog.watch(pid, 'mayQuit')

  let running = true
  const exited = new Promise<string>((resolve) =>
    child.once('exit', (code, signal) => {
      running = false
      watchdog.forget(pid)
      resolve(signal ?? `exit code ${code}`)
    }),
  )
  const silent = new Promise<void>((resolve) => stderr.once('close', resolve))
  const lines: string[] = []
  const listeners = new Set<(line: string) => void>()
  let partial = ''
  stderr.setEncoding('utf8').on('data', (text: string) => {
    const parts = (partial + text).split('\n')
    partial = (parts.pop() ?? '').slice(0, 10_000)
    for (const line of parts.map((part) => part.trim()).filter(Boolean)) {
      lines.push(line)
      for (const listener of listeners) listener(line)
    }
    lines.splice(0, lines.length - KEPT_LINES)
  })
  return {
    pid,
    exited,
    closed: silent.then(() => exited),
    heard: (pattern) =>
      new Promise((resolve) => {
        const listener = (line: string) => {
          const match = pattern.exec(line)
          if (match === null) return
          listeners.delete(listener)
          resolve(match)
        }
        listeners.add(listener)
        void silent.then(() => resolve(null))
      }),
    lastLines: () => [...lines],
    signal: (signal) => {
      if (running) child.kill(signal)
    },
  }
}
