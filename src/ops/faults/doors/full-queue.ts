import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { FULL_QUEUE_SCRIPT } from './full-queue-script.js'

/** How long it tries for a port that its predecessor, or a stranger, has not left yet. */
const PATIENCE_MS = 1000

/**
 * A port that nobody accepts from and whose queue is full, so that the kernel drops who wants to connect: what packets that
 * vanish look like, without a firewall and without being root. Linux does so; others may refuse instead, which only a
 * connect can tell.
 */
export class FullQueue {
  readonly #released = new Int32Array(new SharedArrayBuffer(4))
  readonly #worker: Worker
  #isFull = false

  private constructor(host: string, port: number) {
    this.#worker = new Worker(FULL_QUEUE_SCRIPT, {
      eval: true,
      workerData: { host, port, released: this.#released, patienceMs: PATIENCE_MS },
      env: {},
      execArgv: [],
    })
    // It is over then, which is what we act on.
    this.#worker.on('error', () => {})
  }

  /**
   * Whether it succeeded or not: end it with `release`.
   *
   * @param vacate called when all is ready to take the port over; a connect between the two is refused
   */
  static async occupy(host: string, port: number, vacate: () => void): Promise<FullQueue> {
    const queue = new FullQueue(host, port)
    await queue.#told()
    vacate()
    queue.#worker.postMessage('occupy')
    queue.#isFull = (await queue.#told()) === 'full'
    // A thread that waits would keep a process alive that has nothing else to do.
    queue.#worker.unref()
    return queue
  }

  /** Frees the port. Who was dropped tries again by himself, as TCP does. Idempotent. */
  async release(): Promise<void> {
    if (this.#isFull) {
      this.#isFull = false
      this.#worker.ref()
      const closed = this.#told()
      Atomics.store(this.#released, 0, 1)
      Atomics.notify(this.#released, 0)
      await closed
    }
    await this.#worker.terminate()
  }

  /** What it says next; `failed` when it can say nothing any more. */
  async #told(): Promise<string> {
    const [message] = (await Promise.race([
      once(this.#worker, 'message'),
      once(this.#worker, 'exit').then(() => [{ type: 'failed' }]),
    ]).catch(() => [{ type: 'failed' }])) as [{ type: string }]
    return message.type
  }
}
