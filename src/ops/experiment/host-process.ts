import { fork, type ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { builtFile } from './built-file.js'
import type { ProcessName } from './measurement.js'
import type { FromHost, ToHost } from './messages.js'
import { plainText } from './plain-text.js'

const END_DEADLINE_MS = 500
const LAST_WORDS_BYTES = 4096
const HOST_FILE = 'dist/ops/experiment/host.js'

/** A forked host, seen from the engine. */
export interface HostProcess {
  readonly name: ProcessName
  readonly pid: number
  /** Resolves with what happened, in one sentence, when the process is gone for whatever reason. */
  readonly ended: Promise<string>
  send(message: ToHost): void
  /** Calls the listener with every message until the process is gone. */
  onMessage(listener: (message: FromHost) => void): void
  /** The next message of a type; null when the process is gone or the deadline has passed before one came. */
  next<T extends FromHost['type']>(
    type: T,
    deadlineMs: number,
  ): Promise<Extract<FromHost, { type: T }> | null>
  /** Closes the channel, on which the host ends by itself; kills it if it does not. Idempotent. */
  end(): Promise<void>
}

/**
 * Throws EnvironmentError `NO_HOST` when the package has not been built.
 *
 * @param variables of its environment, besides those that every host has
 */
export function startHost(name: ProcessName, variables: Readonly<Record<string, string>> = {}): HostProcess {
  const child = fork(builtFile(HOST_FILE), [], {
    // Nothing of ours may reach the subject but what it is given: a REDIS_URL would point past the door.
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...variables },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const lastWords = keepLastWords(child)
  // A host that is gone cannot be told anything; `ended` says so.
  child.on('error', () => undefined)
  const ended = new Promise<string>((resolve) => {
    // Not `close`: Node never emits that after we have closed the channel ourselves.
    child.once('exit', (code, signal) => {
      void lastWords().then((words) => resolve(describeEnd(name, child.pid, code, signal, words)))
    })
  })
  const alive = () => child.exitCode === null && child.signalCode === null

  return {
    name,
    pid: child.pid ?? -1,
    ended,
    send: (message) => {
      if (child.connected) child.send(message, () => undefined)
    },
    onMessage: (listener) => child.on('message', (message) => listener(message as FromHost)),
    next: (type, deadlineMs) =>
      new Promise((resolve) => {
        const done = (message: FromHost | null) => {
          clearTimeout(timer)
          child.off('message', onMessage)
          resolve(message as never)
        }
        const onMessage = (message: unknown) => {
          if ((message as FromHost).type === type) done(message as FromHost)
        }
        const timer = setTimeout(() => done(null), deadlineMs)
        child.on('message', onMessage)
        void ended.then(() => done(null))
      }),
    end: async () => {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => alive() && child.kill('SIGKILL'), END_DEADLINE_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

/** The end of what the process printed before its output was ours, or as it died; what is in the pipe has 200 ms. */
function keepLastWords(child: ChildProcess): () => Promise<string> {
  let text = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-LAST_WORDS_BYTES)
  })
  const complete = new Promise<void>((resolve) => child.stderr?.once('close', resolve))
  return async () => {
    await Promise.race([complete, sleep(200, undefined, { ref: false })])
    return text
  }
}

function describeEnd(
  name: ProcessName,
  pid: number | undefined,
  code: number | null,
  signal: NodeJS.Signals | null,
  lastWords: string,
): string {
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
  const error = lastWords.split('\n').find((line) => /^\w*Error\b/.test(line))
  return `the subject's ${name} process (pid ${pid}) ${how}${error ? `: ${plainText(error)}` : ''}`
}
