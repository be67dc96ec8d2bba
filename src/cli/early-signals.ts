import { writeSync } from 'node:fs'
import { writeJson } from '../ops/report/writers/json.js'
import { asksForJson } from './asks-for-json.js'
import { EXIT, STOP_SIGNALS, type StopSignal } from './exit-codes.js'

let stop = (): void => {}

/**
 * Answers a signal that comes before a command listens: nothing has been started, so the process ends at once, with its
 * exit code and, under `--json`, one document. Loads next to nothing, because until it runs nobody answers.
 */
export function answerSignals(argv: readonly string[]): void {
  const onSignal = (by: StopSignal): never => {
    const nothing = { schema: 'cache.error/1', command: 'cache', verdict: 'inconclusive' } as const
    try {
      if (asksForJson(argv)) writeSync(1, writeJson({ ...nothing, interrupted: true }))
      else writeSync(2, 'Stopped before there was a result.\n')
    } catch {
      // Nobody reads any more.
    }
    process.exit(EXIT[by])
  }
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal)
  stop = () => {
    for (const signal of STOP_SIGNALS) process.off(signal, onSignal)
  }
}

/** For whoever answers from now on. */
export function stopAnswering(): void {
  stop()
}
