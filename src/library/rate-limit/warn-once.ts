import { emit } from '../kernel/events.js'

const MAX_REMEMBERED = 1000
const said = new Set<string>()

/** Says something about a limiter once per process. */
export function warnOnce(limiter: string, message: string): void {
  const id = `${limiter} ${message}`
  if (said.has(id) || said.size >= MAX_REMEMBERED) return
  said.add(id)
  emit({ type: 'warning', part: 'limiter', subject: limiter, message })
}
