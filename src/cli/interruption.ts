import { stopAnswering } from './early-signals.js'
import { EXIT, STOP_SIGNALS, type StopSignal } from './exit-codes.js'

export interface Interruption {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal
  /** The signal that interrupted the run. */
  readonly by: StopSignal | undefined
  /** Stops listening. */
  dispose(): void
}

export interface InterruptionHandlers {
  /** At the first signal, before anything is aborted. */
  onFirst(by: StopSignal): void
  /** At the second signal, just before the process ends at once. */
  onSecond(by: StopSignal): void
}

/** Turns the first signal into an abort, so that what was started is undone; the second ends the process at once. */
export function listenForInterruption(handlers: InterruptionHandlers): Interruption {
  const controller = new AbortController()
  let by: StopSignal | undefined
  const onSignal = (signal: StopSignal) => {
    if (by !== undefined) {
      // A terminal that closes says so more than once, and is not impatient: what is being undone comes to its end.
      if (signal === 'SIGHUP') return
      handlers.onSecond(by)
      process.exit(EXIT[by])
    }
    by = signal
    handlers.onFirst(signal)
    controller.abort(new DOMException(`stopped by ${signal}`, 'AbortError'))
  }
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal)
  // Only now: a signal that nobody listens to ends the process.
  stopAnswering()
  return {
    signal: controller.signal,
    get by() {
      return by
    },
    dispose() {
      for (const signal of STOP_SIGNALS) process.off(signal, onSignal)
    },
  }
}

/** Whether an error only says that the work was given up because `signal` aborted, also when a library wrapped it. */
export function isAbort(error: unknown, signal: AbortSignal): boolean {
  if (error === signal.reason) return true
  if (!(error instanceof Error)) return false
  return error.name === 'AbortError' || (error.cause !== undefined && isAbort(error.cause, signal))
}
