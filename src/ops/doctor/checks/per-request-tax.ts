import type { WorldCheck } from '../check.js'
import { lastingRemedy } from '../client-remedy.js'
import { inWords } from '../in-words.js'
import { whichClient } from '../judged-client.js'
import { statusOf } from '../status-of.js'

/** A limiter and a cache, as most requests have; whoever has more or fewer declares it. */
const USUAL_CALLS = 2

export const perRequestTaxCheck: WorldCheck = {
  on: 'world',
  id: 'TTF-002',
  group: 'failover',
  title: 'what an outage adds to every request',
  unit: 'ms',
  threshold: {
    warn: 500,
    fail: 2000,
    source:
      'measured: commandTimeout alone costs every call of a hang of 6 s its 250 ms, with socketTimeout 96 % fail at once; the limits are ours, as of TTF-001',
  },
  deadlineMs: 1000,
  run({ client }, threshold) {
    if (!client) return { status: 'skip', message: 'no Redis is configured, so nothing waits for it' }
    const { assumed, callsPerRequest, timeToFallback } = client
    const { lastingMs } = timeToFallback
    const name = whichClient(client)
    if (lastingMs === 0) {
      const message = `nothing: only the first calls of an outage wait, later ones fail at once; ${name}`
      return { status: 'ok', message, value: 0 }
    }
    const calls = callsPerRequest ?? USUAL_CALLS
    const value = lastingMs === null ? null : calls * lastingMs
    const many = `${calls} ${calls === 1 ? 'call' : 'calls'}${callsPerRequest === null ? ', assumed' : ''}`
    const wait =
      lastingMs === null
        ? `no request comes to its end (${many})`
        : `up to ${inWords.time(value)} (${many}, ${inWords.time(lastingMs)} each)`
    const message = `${wait} for as long as Redis is away; ${name}`
    const status = statusOf(value ?? Infinity, threshold)
    if (status === 'ok') return { status, message, value }
    // A failure only by what was declared: that is the client, and the calls unless one alone is too long.
    const certain =
      !assumed &&
      statusOf(callsPerRequest === null ? (lastingMs ?? Infinity) : (value ?? Infinity), threshold) === 'FAIL'
    const declare =
      callsPerRequest === null
        ? ' How many calls a request waits for is declared as doctor.client.callsPerRequest.'
        : ''
    return {
      status: certain ? 'FAIL' : 'warn',
      message,
      value,
      remediation: {
        text: lastingRemedy(client) + declare,
      },
    }
  },
}
