import { fork, type ChildProcess, type SerializationType } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { builtFile } from './built-file.js'
import { plainText } from './plain-text.js'

const END_DEADLINE_MS = 500
const LAST_WORDS_BYTES = 4096

export interface Fork {
  /** A file that the build makes, such as `dist/ops/experiment/host.js`. */
  file: string
  /** Such as `the subject's main process`. */
  called: string
  /** Of its environment, besides those that every one has. */
  variables?: Readonly<Record<string, string>> | undefined
  /** How messages cross. @default 'json' */
  serialization?: SerializationType
}

/** How a process ended. */
export interface Ended {
  /** In one sentence. */
  what: string
  /** What ended it; null when it exited. */
  signal: NodeJS.Signals | null
}

/** A process of ours that speaks in messages, seen from the engine. */
export interface Forked<To, From extends { type: string }> {
  readonly pid: number
  /** Resolves when the process is gone for whatever reason. */
  readonly ended: Promise<Ended>
  send(message: To): void
  /** Calls the listener with every message until the process is gone. */
  onMessage(listener: (message: From) => void): void
  /** The next message of a type; null when the process is gone or the deadline has passed before one came. */
  next<T extends From['type']>(type: T, deadlineMs: number): Promise<Extract<From, { type: T }> | null>
  /** Closes the channel, on which the process ends by itself; kills it if it does not. Idempotent. */
  end(): Promise<void>
}

/** Throws EnvironmentError `NO_HOST` when the package has not been built. */
export function forkProcess<To, From extends { type: string }>(options: Fork): Forked<To, From> {
  const child = fork(builtFile(options.file), [], {
    // Nothing of ours may reach the subject but what it is given: a REDIS_URL would point past the door.
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...options.variables },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: options.serialization,
  })
  const lastWords = keepLastWords(child)
  // A process that is gone cannot be told anything; `ended` says so.
  child.on('error', () => undefined)
  const ended = new Promise<Ended>((resolve) => {
    // Not `close`: Node never emits that after we have closed the channel ourselves.
    child.once('exit', (code, signal) => {
      const who = `${options.called} (pid ${child.pid})`
      void lastWords().then((words) => resolve({ what: describeEnd(who, code, signal, words), signal }))
    })
  })
  const alive = () => child.exitCode === null && child.signalCode === null

  return {
    pid: child.pid ?? -1,
    ended,
    send: (message) => {
      if (child.connected) child.send(message as object, () => undefined)
    },
    onMessage: (listener) => child.on('message', (message) => listener(message as From)),
    next: (type, deadlineMs) =>
      new Promise((resolve) => {
        const done = (message: From | null) => {
          clearTimeout(timer)
          child.off('message', onMessage)
          resolve(message as never)
        }
        const onMessage = (message: unknown) => {
          if ((message as From).type === type) done(message as From)
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
  who: string,
  code: number | null,
  signal: NodeJS.Signals | null,
  lastWords: string,
): string {
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
  const error = lastWords.split('\n').find((line) => /^\w*Error\b/.test(line))
  return `${who} ${how}${error ? `: ${plainText(error)}` : ''}`
}
