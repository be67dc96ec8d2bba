import type { Clock } from '../kernel/clock.js'
import {
  CircuitBreaker,
  type BreakerOptions,
  type BreakerState,
  type FailureKind,
} from './circuit-breaker.js'
import { classify, isNotYet } from './classify.js'
import { DeadlineQueue, type ExpiryReason, type Waiter } from './deadline.js'
import { RecoveryLoop, type RecoveryTask } from './recovery-loop.js'

/** How a guarded operation ended. */
export type Outcome<T> =
  | { ok: true; value: T }
  | {
      ok: false
      result: 'error' | 'timeout' | 'short_circuit' | 'refused'
      errorType: string
      /** False when the backend works and only declined, or was never at fault. */
      backendFailed: boolean
    }

const SHORT_CIRCUIT: Outcome<never> = {
  ok: false,
  result: 'short_circuit',
  errorType: 'BREAKER_OPEN',
  backendFailed: true,
}

/** Who waits for an operation. */
export type Caller = Pick<Waiter, 'settled'>

export interface GuardOptions {
  breaker: BreakerOptions | false
  clock: Clock
  /** Longest a probe may take, in ms. */
  deadlineMs: number
  /** Resolves when the backend answers; used to find out whether it is back. */
  probe: () => Promise<unknown>
  /** Calls the listener whenever a connection becomes usable, which is probed at once. */
  onReady?: (listener: () => void) => () => void
}

/**
 * One connection's operations under a deadline and a breaker.
 *
 * `run` never rejects and settles within its deadline, whatever the operation does. When the breaker opens, everything
 * that still waits is let go at once. Whether the backend is back is found out in the background, never on a caller's
 * time, and the recovery tasks run before callers are let through again.
 */
export class Guard {
  readonly #breaker: CircuitBreaker | null
  readonly #deadlines: DeadlineQueue
  readonly #recovery: RecoveryLoop
  readonly #stateListeners = new Set<() => void>()
  readonly #stopListening: () => void
  #healthy = true
  #cause: string | null = null
  #lastKind: FailureKind = 'failure'

  constructor(options: GuardOptions) {
    this.#breaker = options.breaker ? new CircuitBreaker(options.breaker, options.clock) : null
    this.#deadlines = new DeadlineQueue(options.clock)
    this.#recovery = new RecoveryLoop({
      clock: options.clock,
      breaker: this.#breaker,
      // Straight at the backend: the breaker that it is to close must not stand in its way.
      probe: async () => {
        const outcome = await this.#attempt(options.probe, options.deadlineMs)
        return outcome.ok || !outcome.backendFailed ? 'answers' : this.#lastKind
      },
      lastFailure: () => this.#lastKind,
      onChange: () => this.#announce(),
    })
    this.#stopListening = options.onReady?.(() => this.#recovery.connectionReady()) ?? (() => undefined)
  }

  get breakerState(): BreakerState {
    return this.#breaker?.state ?? 'closed'
  }

  /** False from the first failure until the next success. */
  get healthy(): boolean {
    return this.#healthy && this.breakerState === 'closed'
  }

  /** Error type of the last failure, until the next success; null when nothing has failed. */
  get cause(): string | null {
    return this.#cause
  }

  /** Hears that `healthy` or `breakerState` may have changed. */
  onChange(listener: () => void): () => void {
    this.#stateListeners.add(listener)
    return () => void this.#stateListeners.delete(listener)
  }

  /** Has `task` run after a successful probe, before callers are let through. */
  addRecoveryTask(task: RecoveryTask): () => void {
    return this.#recovery.addTask(task)
  }

  /** Runs the recovery tasks soon although the breaker is closed: something was left to do. */
  recoverSoon(): void {
    this.#recovery.soon()
  }

  /** @param operation is told whether its caller still waits */
  run<T>(operation: (caller: Caller) => Promise<T>, deadlineMs: number): Promise<Outcome<T>> {
    if (this.#breaker && this.#breaker.state !== 'closed') return Promise.resolve(SHORT_CIRCUIT)
    return this.#attempt(operation, deadlineMs)
  }

  /** As `run`, but also while the breaker is open: for the probe and its tasks. */
  runDuringRecovery<T>(operation: () => Promise<T>, deadlineMs: number): Promise<Outcome<T>> {
    return this.#attempt(operation, deadlineMs)
  }

  close(): void {
    this.#stopListening()
    this.#recovery.close()
    this.#deadlines.expireAll()
  }

  #attempt<T>(operation: (caller: Caller) => Promise<T>, deadlineMs: number): Promise<Outcome<T>> {
    return new Promise((resolve) => {
      const waiter = this.#deadlines.add(deadlineMs, (reason) => resolve(this.#expired(reason)))
      let pending: Promise<T>
      try {
        // A foreign backend may answer without a promise.
        pending = Promise.resolve(operation(waiter))
      } catch (error) {
        pending = Promise.reject(error as Error)
      }
      pending.then(
        (value) => {
          if (!waiter.settle()) return
          this.#succeeded()
          resolve({ ok: true, value })
        },
        (error: unknown) => {
          if (!waiter.settle()) return
          resolve(this.#failed(error))
        },
      )
    })
  }

  #expired(reason: ExpiryReason): Outcome<never> {
    if (reason === 'tripped') return SHORT_CIRCUIT
    // Our own event loop stood still; that says nothing about the backend.
    const errorType = reason === 'stalled' ? 'EVENT_LOOP_STALL' : 'DEADLINE'
    if (reason === 'deadline') this.#countFailure('failure', errorType)
    return { ok: false, result: 'timeout', errorType, backendFailed: true }
  }

  #failed(error: unknown): Outcome<never> {
    const { class: errorClass, errorType } = classify(error)
    if (errorClass === 'refused') {
      // Whoever declines is there.
      this.#succeeded()
      return { ok: false, result: 'refused', errorType, backendFailed: false }
    }
    if (errorClass === 'neither') return { ok: false, result: 'error', errorType, backendFailed: false }
    this.#countFailure(isNotYet(errorType) ? 'notYet' : errorClass, errorType)
    return {
      ok: false,
      result: errorType === 'DEADLINE' ? 'timeout' : 'error',
      errorType,
      backendFailed: true,
    }
  }

  #succeeded(): void {
    this.#breaker?.recordSuccess()
    if (this.#healthy) return
    this.#healthy = true
    this.#cause = null
    this.#announce()
  }

  #countFailure(kind: FailureKind, errorType: string): void {
    const wasHealthy = this.#healthy
    this.#healthy = false
    this.#cause = errorType
    this.#lastKind = kind
    if (this.#breaker?.recordFailure(kind)) {
      this.#deadlines.expireAll()
      this.#recovery.breakerOpened()
      this.#announce()
    } else if (wasHealthy) this.#announce()
  }

  #announce(): void {
    for (const listener of this.#stateListeners) listener()
  }
}
