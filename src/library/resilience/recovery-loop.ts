import type { Clock, Timer } from '../kernel/clock.js'
import type { CircuitBreaker, FailureKind } from './circuit-breaker.js'

/**
 * Work that must be tried before callers may read again. `failed`: the backend is not back, the door stays shut ·
 * `declined`: the backend is back but refuses this work, which its owner keeps; the door opens, the work is tried again.
 */
export type RecoveryTask = () => Promise<'done' | 'declined' | 'failed'>

/** While the breaker is closed; short, as what waits here is what other processes may still serve. */
const RETRY_MS = 500

interface RecoveryLoopOptions {
  clock: Clock
  breaker: CircuitBreaker | null
  /** Whether the backend answers, or what kind of failure keeps it from that. */
  probe: () => Promise<'answers' | FailureKind>
  /** Of the last operation that failed: why a task did, after a probe that was answered. */
  lastFailure: () => FailureKind
  onChange: () => void
}

/**
 * Finds out in the background whether the backend is back: one probe at a time, then the tasks, then the door opens.
 * A connection that becomes ready is probed at once, whatever the wait.
 */
export class RecoveryLoop {
  readonly #options: RecoveryLoopOptions
  readonly #tasks = new Set<RecoveryTask>()
  #timer: Timer | null = null
  #running = false
  #readyMeanwhile = false
  #askedMeanwhile = false
  /** Work was announced and is not done. */
  #workWaits = false
  #closed = false

  constructor(options: RecoveryLoopOptions) {
    this.#options = options
  }

  addTask(task: RecoveryTask): () => void {
    this.#tasks.add(task)
    return () => void this.#tasks.delete(task)
  }

  breakerOpened(): void {
    const { breaker, clock } = this.#options
    if (breaker) this.#schedule((this.#workWaits ? breaker.urgentProbeAt : breaker.probeAt) - clock.now())
  }

  connectionReady(): void {
    this.#options.breaker?.connectionBack()
    if (this.#running) {
      this.#readyMeanwhile = true
      return
    }
    void this.#recover()
  }

  /** There is work for the tasks. */
  soon(): void {
    const isNews = !this.#workWaits
    this.#workWaits = true
    if (this.#running) this.#askedMeanwhile = true
    else if (this.#options.breaker?.state === 'open') {
      if (isNews) this.breakerOpened()
    } else if (this.#timer === null) this.#schedule(RETRY_MS)
  }

  close(): void {
    this.#closed = true
    this.#cancel()
    this.#tasks.clear()
  }

  #schedule(ms: number): void {
    this.#cancel()
    if (this.#closed) return
    this.#timer = this.#options.clock.setTimer(
      () => {
        this.#timer = null
        void this.#recover()
      },
      Math.max(0, ms),
      'background',
    )
  }

  #cancel(): void {
    if (this.#timer !== null) this.#options.clock.clearTimer(this.#timer)
    this.#timer = null
  }

  async #recover(): Promise<void> {
    if (this.#running || this.#closed) return
    this.#running = true
    this.#cancel()
    const { breaker } = this.#options
    const probing = breaker?.startProbe() ?? false
    if (probing) this.#options.onChange()
    this.#askedMeanwhile = false
    let result: Awaited<ReturnType<RecoveryTask>>
    let answer: 'answers' | FailureKind
    do {
      this.#readyMeanwhile = false
      answer = await this.#options.probe()
      result = answer === 'answers' ? await this.#runTasks() : 'failed'
    } while (result === 'failed' && this.#readyMeanwhile && !this.#closed)
    this.#running = false
    if (result === 'done') this.#workWaits = this.#askedMeanwhile
    if (probing && result !== 'failed') breaker?.probeSucceeded()
    else if (probing) breaker?.probeFailed(answer === 'answers' ? this.#options.lastFailure() : answer)
    if (breaker?.state === 'open') this.breakerOpened()
    else if (result !== 'done') this.soon()
    // A task may have looked at what there was to do before this came; the door is open, so it ends.
    else if (this.#askedMeanwhile) this.#schedule(0)
    this.#options.onChange()
  }

  async #runTasks(): ReturnType<RecoveryTask> {
    const results = await Promise.all([...this.#tasks].map((task) => task()))
    if (results.includes('failed')) return 'failed'
    return results.includes('declined') ? 'declined' : 'done'
  }
}
