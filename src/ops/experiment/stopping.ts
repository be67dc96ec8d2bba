import type { RedisServer } from '../sandbox/sandbox.js'
import { EnvironmentError } from '../report/errors.js'
import type { HostProcess } from './host-process.js'
import { monotonicMs } from './monotonic.js'

/** Why an experiment ended before its time. `server` is our fault, `lost` is somebody's outside, the others are results. */
export class Stopped extends Error {
  readonly reason: 'interrupted' | 'died' | 'lost' | 'server' | 'unprepared' | 'condition'
  readonly what: string

  constructor(reason: Stopped['reason'], what: string) {
    super(what)
    this.name = 'Stopped'
    this.reason = reason
    this.what = what
  }
}

/** Waits that end early, with `Stopped`, as soon as there is nothing left to wait for. */
export interface StopWatch {
  /** @param atMs absolute, on the monotonic clock */
  until(atMs: number): Promise<void>
  during<T>(work: Promise<T>): Promise<T>
}

export function stopWatch(watched: {
  signal: AbortSignal | undefined
  hosts: readonly Pick<HostProcess, 'ended'>[]
  servers: readonly Pick<RedisServer, 'died'>[]
  /** Resolves with why the drill must not go on. */
  met?: Promise<string> | undefined
  /** Resolves with what became of a process that measures. */
  lost?: Promise<string> | undefined
}): StopWatch {
  const stop = new Promise<never>((_, reject) => {
    const interrupt = () => reject(new Stopped('interrupted', 'the drill was interrupted'))
    if (watched.signal?.aborted) interrupt()
    watched.signal?.addEventListener('abort', interrupt, { once: true })
    void watched.met?.then((why) => reject(new Stopped('condition', why)))
    void watched.lost?.then((what) => reject(new Stopped('lost', what)))
    for (const host of watched.hosts) void host.ended.then((what) => reject(new Stopped('died', what)))
    for (const server of watched.servers) void server.died.then((what) => reject(new Stopped('server', what)))
  })
  // Between two waits nobody listens, and a rejection without a listener would end us.
  stop.catch(() => undefined)

  return {
    during: (work) => Promise.race([stop, work]),
    until: async (atMs) => {
      let timer: NodeJS.Timeout | undefined
      const time = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, Math.max(0, atMs - monotonicMs()))
      })
      await Promise.race([stop, time]).finally(() => clearTimeout(timer))
    },
  }
}

/** What `Stopped` with the reason `server` is to whoever asked for the run. */
export function serverDied(what: string): EnvironmentError {
  return new EnvironmentError('SERVER_DIED', `a server of our own did not last: ${what}`, [
    'run it again; if it happens again, look at the memory and disk space of this machine',
  ])
}
