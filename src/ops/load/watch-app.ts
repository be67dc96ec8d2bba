import type { RunningApp } from '../experiment/app/launch.js'
import { watchProcessTree } from '../experiment/app/process-tree.js'
import type { Signal } from '../experiment/measurement.js'
import { monotonicMs } from '../experiment/monotonic.js'
import type { LoadVitals } from './generator/messages.js'
import type { LoadTarget } from './target.js'

const LOOK_EVERY_MS = 200

/** What its processes use and print, and how often its source is read where that is ours, from `begin` to `stop`. */
export interface AppWatch extends Pick<LoadTarget, 'begin' | 'fault' | 'take'> {
  stop(): void
}

/** @param takeLoads when its source was read since the last call, absolute */
export function watchApp(
  { pid, output }: Pick<RunningApp, 'pid' | 'output'>,
  takeLoads: () => readonly number[],
): AppWatch {
  const usage = watchProcessTree(pid)
  let originMs: number | undefined
  let vitals: LoadVitals[] = []
  let told = 0
  let timer: NodeJS.Timeout | undefined

  return {
    begin: (atMs) => {
      originMs = atMs
      output.renew()
      takeLoads()
      const printedBefore = output.bytes()
      const look = () => {
        const printedBytes = output.bytes() - printedBefore
        // Whoever asks knows better how much is in flight.
        vitals.push({ atMs: monotonicMs() - atMs, ...usage(), inFlight: 0, printedBytes })
      }
      look()
      timer = setInterval(look, LOOK_EVERY_MS)
    },
    fault: () => output.renew(),
    take: () => {
      const from = originMs ?? 0
      const loads = takeLoads()
        .map((atMs) => atMs - from)
        .filter((atMs) => atMs >= 0)
      const signals: Signal[] = output.signals(told)
      told += signals.length
      const taken = {
        loads,
        vitals,
        signals: signals.map((each) => ({ ...each, atMs: each.atMs - from })),
      }
      vitals = []
      return taken
    },
    stop: () => clearInterval(timer),
  }
}
