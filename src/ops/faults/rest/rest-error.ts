import type { RestTreatment } from './rule.js'

/** An error as Upstash answers it. */
export function restError(status: number, message: string): RestTreatment {
  return {
    kind: 'answer',
    status,
    contentType: 'application/json',
    body: JSON.stringify({ error: message }),
  }
}
