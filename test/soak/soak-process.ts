import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FromProcess, ToProcess } from './messages.js'

/** One of the processes, seen from the parent. */
export interface SoakProcess {
  readonly name: string
  readonly pid: number
  send(message: ToProcess): void
  kill(): void
  /** Ends it without killing: it ends when its channel does. */
  end(): Promise<void>
}

interface StartOptions {
  name: string
  onMessage(message: FromProcess): void
  /** Ended although nobody asked for that, or printed something. */
  onTrouble(what: string): void
}

const LAST_WORDS = 2000

/** The file lies beside this one once both are bundled: see scripts/soak.js. */
export async function startProcess({ name, onMessage, onTrouble }: StartOptions): Promise<SoakProcess> {
  const child = fork(fileURLToPath(new URL('./process.mjs', import.meta.url)), [], {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' },
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let expected = false
  child.on('error', () => undefined)
  const words = lastWords(child)
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.once('exit', (code, signal) => {
    if (!expected) onTrouble(`process ${name} ended (${signal ?? code}): ${words()}`)
  })
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('exit', () => reject(new Error(`process ${name} did not start: ${words()}`)))
  })
  child.on('message', (message) => onMessage(message as FromProcess))
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', () => onTrouble(`process ${name} printed: ${words()}`))
  const kill = () => {
    expected = true
    child.kill('SIGKILL')
  }
  return {
    name,
    pid: child.pid!,
    send: (message) => void (child.connected && child.send(message, () => undefined)),
    kill,
    async end() {
      expected = true
      if (child.connected) child.disconnect()
      const timer = setTimeout(kill, 1000)
      await gone
      clearTimeout(timer)
    },
  }
}

function lastWords(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-LAST_WORDS)))
  return () => text.trim()
}
