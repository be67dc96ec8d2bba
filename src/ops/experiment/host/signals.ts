import type { Signal } from '../measurement.js'
import { plainText } from '../plain-text.js'
import type { MetricWatch } from './metrics.js'

const LINES_KEPT = 200
const LOOK_EVERY_MS = 50

export interface SignalWatch {
  /** Signals and the number of lines left out since the last call. */
  take(): { signals: Signal[]; dropped: number }
  /** Everything that was printed so far. */
  printedBytes(): number
  /** From here on another 200 lines are kept, and each metric is told anew: what was before the fault does not crowd out what it causes. */
  renew(): void
  stop(): void
}

/**
 * Sees what an operator would see of the subject: what it prints, which goes nowhere else from here on, each change
 * of its status to anything but `up`, and the metrics by which it counts failures.
 */
export function watchSignals(
  status: (() => string) | undefined,
  metrics: MetricWatch,
  nowMs: () => number,
): SignalWatch {
  let signals: Signal[] = []
  let dropped = 0
  let printedBytes = 0
  let room = LINES_KEPT
  let lastStatus = readStatus(status)

  const onText = (text: string) => {
    printedBytes += Buffer.byteLength(text)
    for (const line of text.split('\n')) onLine(line)
  }
  const onLine = (line: string) => {
    const text = plainText(line)
    if (text === '') return
    if (room > 0) signals.push({ kind: 'log', atMs: nowMs(), text })
    else dropped += 1
    room -= 1
  }
  metrics.listen((series) => signals.push({ kind: 'metric', atMs: nowMs(), text: plainText(series) }))
  divert(process.stdout, onText)
  divert(process.stderr, onText)

  const timer = setInterval(() => {
    const now = readStatus(status)
    if (now === lastStatus) return
    lastStatus = now
    if (now !== null && now !== 'up') signals.push({ kind: 'status', atMs: nowMs(), text: now })
  }, LOOK_EVERY_MS)

  return {
    take: () => {
      const taken = { signals, dropped }
      signals = []
      dropped = 0
      return taken
    },
    printedBytes: () => printedBytes,
    renew: () => {
      room = LINES_KEPT
      metrics.renew()
    },
    stop: () => clearInterval(timer),
  }
}

function readStatus(status: (() => string) | undefined): string | null {
  try {
    return status ? plainText(status()) : null
  } catch {
    return null
  }
}

function divert(stream: NodeJS.WriteStream, onText: (text: string) => void): void {
  stream.write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
    onText(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'))
    const callback = typeof encoding === 'function' ? encoding : done
    if (typeof callback === 'function') queueMicrotask(callback as () => void)
    return true
  }
}
