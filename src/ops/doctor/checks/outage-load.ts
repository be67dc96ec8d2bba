import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

/** Of the headroom: what is left is for the herd after the outage, and for what grows until then. */
const WARN_SHARE = 0.6
/** Below it what was seen in the interval says nothing about the traffic. */
const FEWEST_READS = 20

export const outageLoadCheck: ServerCheck = {
  on: 'server',
  id: 'DB-004',
  group: 'supabase',
  title: 'the database carries an outage',
  unit: 'reads/s more',
  threshold: {
    warn: null,
    fail: null,
    source:
      'ours: fails above the headroom that the project declares (fail, in reads/s), warns above 60 % of it; unknown without one',
  },
  deadlineMs: 6000,
  privileges: '+info',
  async run(_client, world, { warn, fail }) {
    const interval = await world.interval()
    const [hits, misses] = [interval.grew('keyspace_hits'), interval.grew('keyspace_misses')]
    if (hits === null || misses === null) {
      return { status: 'skip', message: 'INFO of this service does not count hits and misses' }
    }
    const { seconds } = interval
    const reads = hits + misses
    const value = hits / seconds
    const seen = `${perSecond(value)} of ${perSecond(reads / seconds)} reads are answered by Redis`
    if (fail === null) {
      return {
        status: 'unknown',
        message: `${seen}, which Supabase would get on top; what it can carry is not declared`,
        remediation: {
          text: 'Measure what the database carries on top (a load test of its own), and declare it: doctor.thresholds, DB-004, fail.',
          commands: ['cache explain DB-004'],
        },
      }
    }
    if (reads < FEWEST_READS) {
      return {
        status: 'unknown',
        message: `only ${reads} reads within ${inWords.time(seconds * 1000)}: too few to tell; ask at a busy time`,
      }
    }
    const status = statusOf(value, { warn: warn ?? fail * WARN_SHARE, fail })
    const message = `${seen}: ${inWords.percent(value / fail)} of the ${fail}/s that Supabase can take on top`
    if (status === 'ok') return { status, message, value }
    return {
      status,
      message: `${message}; ${status === 'FAIL' ? 'it falls over when Redis is lost' : 'little is left for the herd when Redis comes back'}`,
      value,
      remediation: {
        text: 'Bound what reaches it (maxConcurrentLoads, single-flight), give it more, or cache less of what nobody misses.',
        commands: ['cache load-test --fault stall'],
      },
    }
  },
}

function perSecond(rate: number): string {
  return `${rate < 10 ? Number(rate.toFixed(1)) : Math.round(rate)}/s`
}
