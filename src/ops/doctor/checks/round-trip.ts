import type { Threshold } from '../../report/doctor-report.js'
import type { ServerCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { inWords } from '../in-words.js'
import type { JudgedClient } from '../judged-client.js'
import { isHeldUp, OWN_DELAY_MS, quietMoment } from '../own-delay.js'
import { quantile } from '../quantile.js'
import { measureRoundTrips, type RoundTrips } from '../round-trips.js'
import { statusOf } from '../status-of.js'

/** 500 for a p99 of which five are worse; a slow server gets as far as the time reaches. */
const LIMITS = { pings: 500, ms: 1500 }

/** All checks begin at once, which keeps this process busy for a while. */
const LONGEST_UNREST_MS = 500

export const roundTripCheck: ServerCheck = {
  on: 'server',
  id: 'LAT-001',
  group: 'connectivity',
  title: 'round trip p99',
  unit: 'ms',
  threshold: {
    warn: 5,
    fail: 100,
    source:
      'the runbook of the reference application expects < 5..10 ms and alerts at 100 ms; a LAN needs 0.2 ms (Redis latency doc)',
  },
  // Of a server as far away as any, with its three connections one after the other.
  deadlineMs: 8000,
  times: true,
  privileges: '+ping',
  async run(_client, world, threshold) {
    // A connection of its own: PINGs behind the others' replies would measure those.
    const own = await world.connect()
    await quietMoment(LONGEST_UNREST_MS)
    const found = await measureRoundTrips(own, LIMITS, world.signal).finally(() => own.close())
    return judgeRoundTrips(found, threshold, patienceOf(world.client))
  },
}

/** How long a call of the declared client waits for a server that answers late, in ms; null when that is not known, or has no end. */
function patienceOf(client: JudgedClient | null): number | null {
  return client === null || client.assumed ? null : client.timeToFallback.stalled.worstMs
}

/** What was measured, against what it should be, and against how long a call of the client waits. */
export function judgeRoundTrips(
  found: RoundTrips,
  threshold: Threshold,
  patienceMs: number | null = null,
): Finding {
  const { times, ownDelay } = found
  if (times.length === 0) return { status: 'unknown', message: 'stopped before the first round trip' }
  const value = quantile(times, 0.99)
  const isTooLate = patienceMs !== null && quantile(times, 0.5) > patienceMs
  const status = isTooLate ? 'FAIL' : statusOf(value, threshold)
  const seen = { value, detail: detailOf(found) }
  const spread = `p50 ${inWords.time(quantile(times, 0.5))}, max ${inWords.time(times.at(-1)!)}, ${times.length} PINGs`
  const message = `${inWords.time(value)} (${spread}); ${partsOf(found)}`
  if (isHeldUp(ownDelay, OWN_DELAY_MS.fail) || (status !== 'ok' && isHeldUp(ownDelay, OWN_DELAY_MS.warn))) {
    const held = `this process itself was held up for ${inWords.time(ownDelay.p99)} (p99): the machine is busy`
    return { status: 'unknown', message: `${message}, but ${held} (LAT-003)`, ...seen }
  }
  if (status === 'ok') return { status, message, ...seen }
  const { words, remediation } = culpritOf(found)
  const effect = isTooLate
    ? `: a call of the client waits ${inWords.time(patienceMs)}, so most fall back as if Redis were away`
    : ''
  return { status, message: `${message}${effect}: ${words}`, ...seen, remediation }
}

/** Which part is most of the mean; of a server that is not allowed to tell, all that is not us. */
function culpritOf({ here, server, rest, busiest }: RoundTrips): {
  words: string
  remediation: NonNullable<Finding['remediation']>
} {
  if (here >= (server ?? 0) && here >= rest) {
    return {
      words: 'most of it is this process',
      remediation: { text: 'Look at the CPU of this machine, or ask from another.' },
    }
  }
  if (server === null)
    return { words: 'whether the server or the network cannot be seen (+info)', remediation: NETWORK }
  if (server < rest)
    return {
      words: "most of it is the network, or the server's machine (CPU, fork, swap)",
      remediation: NETWORK,
    }
  return {
    words: `most of it is the server, which was busy with ${busiest}`,
    remediation: {
      text: 'Find who sends it, and split it into shorter commands; one command at a time is all that Redis runs.',
      commands: ['redis-cli SLOWLOG GET 10', 'redis-cli INFO commandstats'],
    },
  }
}

const NETWORK = {
  text: 'Compare with the server itself (a fork, CPU, swap); else it is the network between, or another region.',
  commands: ['redis-cli --latency-history', 'redis-cli LATENCY LATEST'],
}

function partsOf({ mean, here, server, rest }: RoundTrips): string {
  const whose = server === null ? 'network and server' : 'network'
  const parts = [
    `${whose} ${inWords.time(rest)}`,
    ...(server === null ? [] : [`server ${inWords.time(server)}`]),
    `this process ${inWords.time(here)}`,
  ]
  return `of ${inWords.time(mean)} on average ${parts.join(', ')}`
}

function detailOf({ times, mean, here, server, rest, ownDelay }: RoundTrips): Finding['detail'] {
  return {
    count: times.length,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    maxMs: times.at(-1)!,
    meanMs: mean,
    meanNetworkMs: rest,
    meanServerMs: server,
    meanHereMs: here,
    ownDelayP99Ms: ownDelay.p99,
  }
}
