import { cpuWaitMs } from '../cpu-wait.js'
import type { Vitals } from '../measurement.js'
import type { RunningApp } from './launch.js'
import { nowIn, type Marks } from './marks.js'
import type { Prober } from './prober.js'
import { watchProcessTree } from './process-tree.js'

const LOOK_EVERY_MS = 100

interface Looked {
  app: Pick<RunningApp, 'pid' | 'output'>
  prober: Pick<Prober, 'inFlight'>
  marks: Marks
}

/** Notes what the whole process group holds, ten times a second from now on; for whoever starts it to clear. */
export function noteVitals(vitals: Vitals[], { app, prober, marks }: Looked): NodeJS.Timeout {
  const usage = watchProcessTree(app.pid)
  const printedBefore = app.output.bytes()
  const look = () => {
    const printedBytes = app.output.bytes() - printedBefore
    const { rssBytes, sockets, cpuWaitMs: appWaitedMs } = usage()
    // We ask it, and whatever we were kept from is in the times that we measure.
    const waitedMs = cpuWaitMs('self')
    vitals.push({
      atMs: nowIn(marks),
      rssBytes,
      sockets,
      inFlight: prober.inFlight(),
      printedBytes,
      ...(waitedMs !== undefined && { cpuWaitMs: appWaitedMs + waitedMs }),
    })
  }
  look()
  return setInterval(look, LOOK_EVERY_MS)
}
