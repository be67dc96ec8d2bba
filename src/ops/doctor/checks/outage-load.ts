import type { Threshold } from '../../report/doctor-report.js'
import type { ServerCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { roomOf } from '../database-numbers.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'
import { READS_DEADLINE_MS } from '../supabase-read.js'
import type { World } from '../world.js'

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
      'ours: fails above the headroom that the project declares (fail, in reads/s), warns above 60 % of it, and where the free connections may not suffice; unknown without a headroom',
  },
  deadlineMs: READS_DEADLINE_MS + 2000,
  privileges: '+info',
  run: (_client, world, threshold) => judge(world, threshold),
  overRest: judge,
}

async function judge(world: World, { warn, fail }: Pick<Threshold, 'warn' | 'fail'>): Promise<Finding> {
  const [interval, connections] = await Promise.all([world.interval(), connectionsPerRead(world)])
  const [hits, misses] = [interval.grew('keyspace_hits'), interval.grew('keyspace_misses')]
  if (hits === null || misses === null) {
    return { status: 'skip', message: 'INFO of this service does not count hits and misses' }
  }
  const { seconds } = interval
  const reads = hits + misses
  if (reads < FEWEST_READS) {
    return {
      status: 'unknown',
      message: `${reads === 0 ? 'no read' : `only ${reads} reads`} within ${inWords.time(seconds * 1000)}: too few to tell; ask at a busy time`,
    }
  }
  const value = hits / seconds
  const seen = `${perSecond(value)} of ${perSecond(reads / seconds)} reads are answered by Redis`
  const room = connections && roomFor(value, connections)
  const isShort = room !== null && room.needed > room.free
  if (fail === null && !isShort) {
    return {
      status: 'unknown',
      message: `${seen}, which Supabase would get on top${room ? `; ${room.words}` : ''}; what it can carry is not declared`,
      value,
      remediation: {
        text: 'Measure what the database carries on top (a load test of its own), and declare it: doctor.thresholds, DB-004, fail.',
        commands: ['cache explain DB-004'],
      },
    }
  }
  const judged = fail === null ? 'ok' : statusOf(value, { warn: warn ?? fail * WARN_SHARE, fail })
  const declared =
    fail === null
      ? ', which Supabase would get on top'
      : `: ${inWords.percent(value / fail)} of the ${fail}/s that Supabase is declared to take on top`
  const message = `${seen}${declared}${room ? `; ${room.words}` : ''}`
  if (judged === 'ok' && !isShort) return { status: 'ok', message, value }
  const status = judged === 'ok' ? 'warn' : judged
  return { status, message: `${message}; ${consequence(judged)}`, value, remediation: TOO_MUCH }
}

const TOO_MUCH = {
  text: 'Bound what reaches it (maxConcurrentLoads, single-flight), give it more, or cache less of what nobody misses.',
  commands: ['cache load-test --fault stall'],
}

function consequence(judged: 'ok' | 'warn' | 'FAIL'): string {
  if (judged === 'FAIL') return 'it falls over when Redis is lost'
  if (judged === 'warn') return 'little is left for the herd when Redis comes back'
  return 'they may not suffice when Redis is lost'
}

interface Connections {
  free: number
  /** How long a read keeps one, at most: what it takes from here, the network included. */
  readMs: number
}

/** Null where either cannot be told. */
async function connectionsPerRead(world: World): Promise<Connections | null> {
  const [reads, database] = await Promise.all([world.supabaseReads(), world.database()])
  const room = database.numbers && roomOf(database.numbers)
  return room && reads.p50Ms !== null ? { free: room.free, readMs: reads.p50Ms } : null
}

/** Little's law: how many are busy at once is how many begin in a second times how long each takes. */
function roomFor(readsPerSecond: number, { free, readMs }: Connections) {
  const needed = Math.ceil((readsPerSecond * readMs) / 1000)
  const busy = `${needed} ${needed === 1 ? 'connection' : 'connections'} busy`
  const words = `at ${inWords.time(readMs)} a read they keep up to ${busy}, and ${free} are free`
  return { needed, free, words }
}

function perSecond(rate: number): string {
  return `${rate < 10 ? Number(rate.toFixed(1)) : Math.round(rate)}/s`
}
