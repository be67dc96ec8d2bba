import { execa } from 'execa'

const KEPT_LINES = 20
// `12:M 27 Nov 2026 00:22:33.123 # `: who and when; only what is left is worth repeating to a person.
const LOG_PREFIX = /^\d+:\w \d+ \w+ \d+ [\d:.]+ \S /

/** One life of a server binary: from its start to its exit. */
export interface ServerProcess {
  readonly pid: number
  /** How it ended, such as `exit code 1` or `SIGKILL`. */
  readonly exited: Promise<string>
  readonly running: boolean
  /** Its last log lines, newest last, without time and pid. */
  lastLines(): string[]
  /** Does nothing once the process has ended: its number may belong to a stranger by then. */
  signal(signal: NodeJS.Signals): void
}

/** Starts `path` with its configuration on stdin, where `ps` shows no password. Throws when it cannot be started. */
export async function startProcess(
  path: string,
  config: string,
  extraArgs: readonly string[],
  cwd: string,
): Promise<ServerProcess> {
  const child = execa(path, ['-', ...extraArgs], {
    cwd,
    input: config,
    // A session of its own: Ctrl-C in the terminal is for us, and we decide when the server goes.
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
  })
  const pid = child.pid
  if (pid === undefined) throw new Error((await child).originalMessage ?? 'cannot be started')

  let running = true
  const exited = new Promise<string>((resolve) =>
    child.once('exit', (code, signal) => {
      running = false
      resolve(signal ?? `exit code ${code}`)
    }),
  )
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    let partial = ''
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      const parts = (partial + text).split('\n')
      partial = (parts.pop() ?? '').slice(0, 10_000)
      lines.push(...parts.map((line) => line.replace(LOG_PREFIX, '').trim()).filter(Boolean))
      lines.splice(0, lines.length - KEPT_LINES)
    })
  }
  return {
    pid,
    exited,
    get running() {
      return running
    },
    lastLines: () => [...lines],
    signal: (signal) => {
      if (running) child.kill(signal)
    },
  }
}
