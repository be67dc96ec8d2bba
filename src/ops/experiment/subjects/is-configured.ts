import type { SubjectEnvironment } from './subject.js'

/** Whether there is a backend at all: without one, nothing would have to work. */
export function isConfigured({ redisUrl, upstash }: SubjectEnvironment): boolean {
  return redisUrl !== null || Boolean(upstash)
}
