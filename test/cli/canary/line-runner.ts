import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

const MARK = '\u001E'

/** One process that runs command lines of the built CLI in turn, under exactly this environment and PATH. */
export class LineRunner {
  readonly #child: ChildProcess
  readonly #printed = { stdout: '', stderr: '' }
  readonly #gone: Promise<never>
  #last: Promise<unknown>

  constructor(env: Record<string, string>) {
    this.#child = fork(new URL('./run-lines.js', import.meta.url), {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    })
    this.#gone = once(this.#child, 'exit').then(([code]) => {
      throw new Error(`the process that runs lines ended with ${String(code)}: ${this.#printed.stderr}`)
    })
    this.#gone.catch(() => undefined)
    this.#last = Promise.race([once(this.#child, 'message'), this.#gone])
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name]!.setEncoding('utf8').on('data', (text: string) => (this.#printed[name] += text))
    }
  }

  run(argv: readonly string[], cwd: string): Promise<Ended> {
    const ended = this.#last.then(() => this.#next(argv, cwd))
    this.#last = ended
    return ended
  }

  async end(): Promise<void> {
    await this.#last.catch(() => undefined)
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.disconnect()
    await exited
  }

  async #next(argv: readonly string[], cwd: string): Promise<Ended> {
    const told = once(this.#child, 'message')
    this.#child.send({ argv, cwd, mark: MARK })
    const streams = ['stdout', 'stderr'] as const
    const ended = Promise.all([told, ...streams.map((name) => this.#marked(name))])
    const [[{ code }]] = await Promise.race([ended, this.#gone])
    const [stdout, stderr] = streams.map((name) => {
      const [text = '', ...rest] = this.#printed[name].split(MARK)
      this.#printed[name] = rest.join(MARK)
      return text
    })
    return { code: code as number | null, stdout: stdout!, stderr: stderr! }
  }

  async #marked(name: 'stdout' | 'stderr'): Promise<void> {
    while (!this.#printed[name].includes(MARK)) await once(this.#child[name]!, 'data')
  }
}
