import { fork, type ChildProcess } from 'node:child_process'
import type { Question } from './cache-host/questions.js'
import type { CachePeer } from './cache-peers/cache-peer.js'

type Answer = { result: unknown } | { error: string }

/** A peer in a process of its own: clients differ, and some leave listeners and rejections behind. */
export class HostProcess {
  readonly #child: ChildProcess
  readonly #name: string
  #settle: ((answer: Answer) => void) | null = null
  readonly ready: Promise<unknown>

  constructor({ name, ioredis = 6 }: CachePeer) {
    this.#name = name
    // Beside this file in the bundle; see scripts/bench.js.
    const host = new URL(`./cache-host-${ioredis}.mjs`, import.meta.url)
    this.#child = fork(host, [name], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.#child.on('message', (answer: Answer) => this.#settle?.(answer))
    this.#child.on('exit', (code) => this.#settle?.({ error: `the process of ${name} ended with ${code}` }))
    this.ready = this.#next()
  }

  /** Of what runs; there is one once it is `ready`. */
  get pid(): number {
    return this.#child.pid!
  }

  async ask<T>(question: Question): Promise<T> {
    const answer = this.#next()
    this.#child.send(question)
    return (await answer) as T
  }

  /** Whatever it still waits for. */
  kill(): void {
    this.#child.removeAllListeners()
    this.#child.kill('SIGKILL')
  }

  #next(): Promise<unknown> {
    const name = this.#name
    return new Promise((resolve, reject) => {
      this.#settle = (answer) =>
        'error' in answer ? reject(new Error(`${name}: ${answer.error}`)) : resolve(answer.result)
    })
  }
}
