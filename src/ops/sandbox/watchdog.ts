import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { basename, isAbsolute, join } from 'node:path'
import type { Socket } from 'node:net'
import { EnvironmentError } from '../report/errors.js'
import { WATCHDOG_SCRIPT } from './watchdog-script.js'

/** Every throw-away directory of ours begins like this, so that nobody takes it for something to keep. */
export const DIRECTORY_PREFIX = 'transparent-cache-'

/** The path of a throw-away directory that does not exist yet. Register it before it is made: then no crash leaves it. */
export function throwAwayPath(): string {
  return join(tmpdir(), `${DIRECTORY_PREFIX}${randomUUID()}`)
}

/**
 * Cleans up after us when we die in any way, SIGKILL included: it kills (SIGKILL) the processes that are registered
 * then and removes the directories.
 *
 * It is a process in a session of its own, so Ctrl-C in the terminal does not reach it, and it does not keep our event
 * loop alive. Registering takes effect before the call returns.
 */
export interface Watchdog {
  readonly pid: number
  /**
   * Forget a process as soon as it has ended: its number may be given to a stranger.
   * @param mayQuit it gets SIGQUIT first, and eight seconds for what only it can remove, such as shared memory
   */
  watch(pid: number, mayQuit?: 'mayQuit'): void
  forget(pid: number): void
  /** As `watch`, of all processes of the group that this one leads. */
  watchGroup(leader: number): void
  forgetGroup(leader: number): void
  /** Throws RangeError unless the path is absolute and its last part starts with `transparent-cache-`. */
  watchDirectory(path: string): void
  forgetDirectory(path: string): void
  /** Kills and removes what is still registered and resolves when the watchdog is gone. Idempotent. */
  stop(): Promise<void>
}

/** Throws EnvironmentError `NO_WATCHDOG` when no process can be started: without it nothing may be left to chance. */
export function startWatchdog(): Watchdog {
  const child = spawn('/bin/sh', ['-c', WATCHDOG_SCRIPT], {
    detached: true,
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.on('error', () => {})
  const pid = child.pid
  if (pid === undefined) {
    throw new EnvironmentError('NO_WATCHDOG', 'cannot start /bin/sh, which cleans up after a crash')
  }
  const pipe = child.stdin as Socket
  // A watchdog that somebody killed must not take us with it.
  pipe.on('error', () => {})
  pipe.unref()
  child.unref()
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))

  const tell = (word: string, value: string | number) => {
    if (pipe.writable) pipe.write(`${word} ${value}\n`)
  }
  return {
    pid,
    watch: (watched, mayQuit) => tell(mayQuit ? 'quit' : 'pid', checkedPid(watched)),
    forget: (watched) => tell('forget', checkedPid(watched)),
    watchGroup: (leader) => tell('pid', -checkedPid(leader)),
    forgetGroup: (leader) => tell('forget', -checkedPid(leader)),
    watchDirectory: (path) => tell('dir', checkedDirectory(path)),
    forgetDirectory: (path) => tell('forget-dir', checkedDirectory(path)),
    stop() {
      child.ref()
      pipe.end()
      return gone
    },
  }
}

function checkedPid(pid: number): number {
  // 0, 1 and negative numbers would make `kill` hit our own group, init or a whole group.
  if (!Number.isSafeInteger(pid) || pid < 2) throw new RangeError(`not a process that can be watched: ${pid}`)
  return pid
}

function checkedDirectory(path: string): string {
  if (!isAbsolute(path) || !basename(path).startsWith(DIRECTORY_PREFIX) || path.includes('\n')) {
    throw new RangeError(`not a throw-away directory of ours: ${JSON.stringify(path)}`)
  }
  return path
}
