import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { UsageError } from '../../report/errors.js'
import type { Watchdog } from '../../sandbox/watchdog.js'
import { monotonicMs } from '../monotonic.js'
import { Stopped } from '../stopping.js'
import { appName, type AppSpec } from './app.js'
import { watchOutput, type AppOutput } from './output.js'
import type { ProbeSecrets } from './probe-secrets.js'
import { isGroupAlive } from './process-tree.js'

/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 3000
/** What is still in its pipes has so long to be read. */
const LAST_WORDS_MS = 200
/** From the last of its connections to the end of its process, and its last words. */
const END_KNOWN_WITHIN_MS = LAST_WORDS_MS + 300

/** The app as it runs, in a process group of its own. */
export interface RunningApp {
  readonly pid: number
  readonly output: AppOutput
  /** Resolves with what happened, in one sentence, when the process is gone for whatever reason. */
  readonly ended: Promise<string>
  /** SIGTERM to the whole group, and SIGKILL to what is left of it 3 s later. Idempotent. */
  end(): Promise<void>
}

/**
 * Starts the app with that environment and no other, and with stdin closed. The watchdog ends its group if we die first.
 *
 * @param secrets what nobody is to read of what it prints, and what it may not print
 * @throws UsageError `COMMAND_NOT_FOUND`
 */
export async function launchApp(
  spec: Pick<AppSpec, 'command'>,
  env: Readonly<Record<string, string>>,
  watchdog: Watchdog,
  secrets?: Pick<ProbeSecrets, 'hide' | 'isToldIn'>,
): Promise<RunningApp> {
  const [program, ...args] = spec.command
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = watchOutput([child.stdout, child.stderr], monotonicMs, secrets)
  const started = new Promise<NodeJS.ErrnoException | null>((resolve) => {
    child.once('spawn', () => resolve(null))
    child.once('error', resolve)
  })
  const failure = await started
  const { pid } = child
  if (failure !== null || pid === undefined) throw notStarted(program, failure)
  watchdog.watchGroup(pid)
  // Our own end, such as a second Ctrl-C, leaves no time for more.
  const killNow = () => killGroup(pid, 'SIGKILL')
  process.once('exit', killNow)
  let isGone = false
  const letGo = () => {
    isGone = true
    process.off('exit', killNow)
    watchdog.forgetGroup(pid)
  }

  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      // Of a group that is empty the number may be a stranger's next.
      if (!isGroupAlive(pid)) letGo()
      void Promise.race([closed, sleep(LAST_WORDS_MS)]).then(() => {
        const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
        resolve(`the app (${appName(spec)}, pid ${pid}) ${how}${saidLast(output)}`)
      })
    })
  })
  let ending: Promise<void> | undefined
  const end = async () => {
    if (!isGone) killGroup(pid, 'SIGTERM')
    const deadline = monotonicMs() + GRACE_MS
    while (!isGone && isGroupAlive(pid) && monotonicMs() < deadline) await sleep(20)
    if (!isGone && isGroupAlive(pid)) killGroup(pid, 'SIGKILL')
    await ended
    child.stdout.destroy()
    child.stderr.destroy()
    if (!isGone) letGo()
  }
  return { pid, output, ended, end: () => (ending ??= end()) }
}

/** As `work`; but where it fails and the app ends, rejects with that end: a reset connection is only what it looks like. */
export async function orItsEnd<T>({ ended }: Pick<RunningApp, 'ended'>, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const end = await Promise.race([ended, sleep(END_KNOWN_WITHIN_MS, null)])
    throw end === null ? error : new Stopped('died', end)
  }
}

/** `; the last it said: …`, where it said anything. */
export function saidLast(output: Pick<AppOutput, 'lastLines'>): string {
  const lines = output.lastLines().filter((line) => line !== '')
  return lines.length === 0 ? '; it had printed nothing' : `; the last it printed: ${lines.join(' | ')}`
}

function notStarted(program: string, failure: NodeJS.ErrnoException | null): UsageError {
  const missing = failure?.code === 'ENOENT'
  return new UsageError(
    'COMMAND_NOT_FOUND',
    `The command ${JSON.stringify(program.slice(0, 100))} cannot be started: ${missing ? 'there is no such program' : (failure?.code ?? 'the system gave no process')}.`,
    [
      'after -- comes the program itself, then its arguments: -- node dist/server.js; for a shell, -- sh -c "…"',
    ],
  )
}

function killGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal)
  } catch {
    // It is gone already.
  }
}
