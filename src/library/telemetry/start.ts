import { onEvent } from '../kernel/events.js'
import { recordMetrics } from './instruments.js'
import { writeLog } from './log.js'

let started = false

/** Has metrics and logs follow the library's events. Idempotent. */
export function startTelemetry(): void {
  if (started) return
  started = true
  onEvent(recordMetrics)
  onEvent(writeLog)
}
