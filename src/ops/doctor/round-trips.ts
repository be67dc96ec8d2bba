import { performance } from 'node:perf_hooks'
import type { OperatorClient } from '../../library/backends/operator.js'
import { OperatorError } from '../../library/backends/operator-error.js'
import { readInfo, type Info } from './info.js'
import { watchOwnDelay, type OwnDelay } from './own-delay.js'
import { isRefusal } from './refusal.js'

export interface RoundTrips {
  /** Ascending, in ms. */
  times: readonly number[]
  /** Their mean, and the parts that it is made of, in ms of one round trip. */
  mean: number
  /** This process was at work, be it on something else, or did not get the CPU: at most what it took. */
  here: number
  /** The server was at work, be it for somebody else: at most what it took. Null where INFO does not tell. */
  server: number | null
  /** What the server was most at work with, such as `eval`; null as above. */
  busiest: string | null
  /** What is left: the way there and back, and what the server's machine does besides commands. */
  rest: number
  ownDelay: OwnDelay
}

/** When to stop: after so many, or after so long. */
export interface RoundTripLimits {
  pings: number
  ms: number
}

/**
 * PINGs one after the other, each of which waits for its answer: then all of the time that passes is either work of this
 * process or waiting, and what a server works at most of that waiting.
 *
 * @param client nothing else may be asked through it meanwhile
 * @throws OperatorError when PING is not allowed, or the connection is lost
 */
export async function measureRoundTrips(
  client: OperatorClient,
  { pings, ms }: RoundTripLimits,
  signal: AbortSignal,
): Promise<RoundTrips> {
  const before = await commandsOf(client)
  await ping(client)
  const times: number[] = []
  const watch = watchOwnDelay()
  const begunAt = performance.eventLoopUtilization()
  const begun = performance.now()
  while (times.length < pings && performance.now() - begun < ms && !signal.aborted) {
    const sent = performance.now()
    await ping(client)
    times.push(performance.now() - sent)
  }
  const all = performance.now() - begun
  const { active } = performance.eventLoopUtilization(begunAt)
  const ownDelay = watch.stop()
  const work = worked(before, await commandsOf(client))
  const count = Math.max(1, times.length)
  const mean = all / count
  // A process that waits for the CPU does not know that it does; its timers are late then.
  const here = Math.min(mean, Math.max(active, ownDelay.heldUp) / count)
  const server = work && Math.min(mean - here, work.ms / count)
  times.sort((a, b) => a - b)
  return {
    times,
    mean,
    here,
    server,
    busiest: work?.busiest ?? null,
    rest: mean - here - (server ?? 0),
    ownDelay,
  }
}

/** A server that cannot save refuses PING, and is no slower for that. */
async function ping(client: OperatorClient): Promise<void> {
  try {
    await client.send('PING')
  } catch (error) {
    if (!(error instanceof OperatorError && error.code === 'MISCONF')) throw error
  }
}

async function commandsOf(client: OperatorClient): Promise<Info['commands']> {
  try {
    return (await readInfo(client)).commands
  } catch (error) {
    if (isRefusal(error)) return null
    throw error
  }
}

/** Between two readings, without what reading cost. */
function worked(before: Info['commands'], after: Info['commands']): { ms: number; busiest: string } | null {
  if (!before || !after) return null
  const spent = [...after]
    .filter(([name]) => name !== 'info')
    .map(([name, { usec }]) => ({ name, usec: Math.max(0, usec - (before.get(name)?.usec ?? 0)) }))
  const dearest = spent.reduce((most, each) => (each.usec > most.usec ? each : most), {
    name: 'ping',
    usec: 0,
  })
  return { ms: spent.reduce((sum, { usec }) => sum + usec, 0) / 1000, busiest: dearest.name }
}
