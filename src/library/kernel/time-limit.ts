/** An end to a wait, as a signal. */
export interface TimeLimit {
  signal: AbortSignal
  /** Whether it was the time that ended it, and none of the others. */
  readonly isUp: boolean
  /** To call once nobody waits any longer: the timer and the listeners go. */
  clear(): void
}

/**
 * Aborts after `ms` with a `TimeoutError`, or when one of `others` does, with its reason. Does not keep the process alive.
 *
 * `AbortSignal.any` over an `AbortSignal.timeout` would say the same, but there Node 20 collects the timeout as garbage
 * while somebody waits for it, and a silent server is then waited for as long as it is silent.
 */
export function timeLimit(ms: number, ...others: readonly AbortSignal[]): TimeLimit {
  const controller = new AbortController()
  let isUp = false
  const end = (reason: unknown) => {
    clear()
    controller.abort(reason)
  }
  const timer = setTimeout(() => {
    isUp = true
    end(new DOMException(`not done within ${ms} ms`, 'TimeoutError'))
  }, ms)
  timer.unref()
  const listeners = others.map((other) => ({ other, onAbort: () => end(other.reason) }))
  for (const { other, onAbort } of listeners) other.addEventListener('abort', onAbort)
  function clear() {
    clearTimeout(timer)
    for (const { other, onAbort } of listeners) other.removeEventListener('abort', onAbort)
  }
  const aborted = others.find((other) => other.aborted)
  if (aborted) end(aborted.reason)
  return {
    signal: controller.signal,
    get isUp() {
      return isUp
    },
    clear,
  }
}
