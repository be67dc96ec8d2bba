import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { monotonicMs } from '../../src/ops/experiment/monotonic.js'
import { seededRandom } from '../../src/ops/experiment/random.js'
import { startRedisServer } from '../../src/ops/sandbox/redis-server.js'
import { startWatchdog } from '../../src/ops/sandbox/watchdog.js'
import { Conductor } from './faults/conduct.js'
import { planFaults } from './faults/plan.js'
import { KEY_LOAD_DELAY } from './faults/server-faults.js'
import { Fleet } from './fleet.js'
import { Health } from './health.js'
import { History } from './history.js'
import { Floors } from './judge/floors.js'
import { foundAtEnd, stopAll } from './ending.js'
import { growthOf } from './judge/growth.js'
import { explained, type SoakReport } from './report.js'
import { Judge } from './judge/judge.js'
import { Limits } from './judge/limits.js'
import type { Violation } from './judge/violation.js'
import { longestTtlMs } from './keys.js'
import { LIMITERS } from './limiters.js'
import type { FromProcess, Vitals } from './messages.js'
import { Source } from './source.js'
import { pulseOf, type Pulse } from './watch.js'

const OPS_PER_SECOND = 575
/** For what the last fault's heal brings about. */
const LAST_ANSWERS_MS = 1500

/** Runs until the time is over, something is wrong, or the signal says so. */
export async function soak(options: {
  seed: number
  seconds: number
  signal: AbortSignal
  onProgress(elapsedSeconds: number, operations: number): void
}): Promise<SoakReport> {
  const { seed, seconds, signal } = options
  const watchdog = startWatchdog()
  const server = await startRedisServer({ watchdog, extraArgs: KEY_LOAD_DELAY, signal })
  const history = new History()
  const source = new Source(seed + 1, monotonicMs)
  const health: Health = new Health((process, atMs) => {
    pulse.look()
    floors.settle(atMs, process)
  })
  const floors: Floors = new Floors({
    soundSince: (process) => health.since(process),
    heardAt: (process) => judge.heardAt(process),
    longestTtlMs,
  })
  const limits = new Limits(new Map(LIMITERS.map((quota) => [quota.name, quota])))
  const vitals = new Map<string, Vitals[]>()
  const finished = new Map<string, number>()
  let violation: Violation | null = null
  const over = new AbortController()
  const onViolation = (found: Violation) => {
    violation ??= found
    over.abort()
  }
  signal.addEventListener('abort', () => over.abort())
  void server.died.then((what) => onViolation({ rule: 'died', what, key: null, atMs: monotonicMs() }))
  const judge: Judge = new Judge({ source, floors, limits, health, history, onViolation })

  const onMessage = (process: string, message: FromProcess) => {
    // What a process said before it was killed may arrive after it.
    switch (message.type) {
      case 'load':
      case 'commit': {
        const { id, key, type } = message
        const answer = (version: number) => {
          if (type === 'commit') history.note(key, monotonicMs(), `${process} commits version ${version}`)
          fleet.get(process)?.send({ type: 'version', id, version })
        }
        return type === 'load' ? source.load(key, process, answer) : source.commit(key, answer)
      }
      case 'batch':
        return judge.batch(process, message, monotonicMs())
      case 'vitals':
        return void vitals.set(process, [...(vitals.get(process) ?? []), message.vitals])
      case 'finished':
        return void finished.set(process, message.pending)
      case 'ready':
    }
  }
  const fleet = new Fleet({
    server,
    watchdog,
    seed: seed + 100,
    opsPerSecond: OPS_PER_SECOND,
    onMessage,
    onTrouble: (what) => onViolation({ rule: 'died', what, key: null, atMs: monotonicMs() }),
  })
  const random = seededRandom(seed + 2)
  const ambush = {
    source,
    nowMs: monotonicMs,
    random,
    processes: () => fleet.names,
    tell: (process: string, type: 'change' | 'read', keys: string[]) =>
      void fleet.get(process)?.send({ type, keys }),
  }
  const onLoss = (fromMs: number, toMs: number) => limits.lost(fromMs, toMs)
  const conductor = new Conductor({ fleet, server, health, history, ambush, onLoss })
  const raw = new Redis(server.url, { retryStrategy: () => 100, maxRetriesPerRequest: 0 })
  raw.on('error', () => undefined)
  const everybodyStoodStill = (forMs: number) => {
    for (const name of fleet.names) judge.stoodStill(name, forMs, monotonicMs())
  }
  const pulse: Pulse = pulseOf(raw, everybodyStoodStill)
  const operations = () => judge.counts.reads + judge.counts.sets + judge.counts.dels + judge.counts.checks
  const lookAfter = setInterval(() => {
    pulse.look()
    const now = monotonicMs()
    floors.settle(now)
    const overrun = limits.judge(now)
    if (overrun) onViolation({ rule: 'over the limit', what: overrun, key: null, atMs: now })
  }, 100)

  try {
    await fleet.open()
    const startMs = monotonicMs()
    for (const place of fleet.places) {
      health.add(place.process.name, startMs)
      fleet.begin(place)
    }
    for (const [second, planned] of planFaults(seed, seconds).entries()) {
      await sleep(Math.max(0, startMs + (second + 1) * 1000 - monotonicMs()), undefined, {
        signal: over.signal,
      }).catch(() => undefined)
      if (over.signal.aborted) break
      options.onProgress(second + 1, operations())
      if (second + 1 < seconds)
        void conductor.begin(planned).catch((error: Error) => {
          onViolation({ rule: 'died', what: error.stack ?? error.message, key: null, atMs: monotonicMs() })
        })
    }
    const endMs = monotonicMs()
    const growth = fleet.names.flatMap((name) => growthOf(name, vitals.get(name) ?? [], startMs, endMs) ?? [])
    if (!over.signal.aborted) {
      await conductor.end()
      await sleep(LAST_ANSWERS_MS)
      await stopAll(fleet, finished)
      for (const found of foundAtEnd({ names: fleet.names, finished, growth, seconds })) onViolation(found)
    }
    return {
      seed,
      seconds: Math.round((endMs - startMs) / 100) / 10,
      operations: operations(),
      counts: { ...judge.counts, loads: source.loads, commits: source.commits, windows: limits.windows },
      longestWaitMs: Math.round(judge.longestWaitMs),
      invalidations: floors.settled,
      standstills: health.standstills,
      faults: Object.fromEntries([...conductor.happened].sort(([one], [other]) => one.localeCompare(other))),
      growth,
      violation: explained(violation, history, startMs),
    }
  } finally {
    clearInterval(lookAfter)
    pulse.stop()
    raw.disconnect()
    await fleet.close()
    await server.stop()
    await watchdog.stop()
  }
}
