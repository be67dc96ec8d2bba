/** One operation that has ended; times on the machine's monotonic clock. */
export type SoakRecord = { startMs: number; endMs: number; error?: string } & (
  | {
      op: 'read'
      key: string
      /** Version answered; null: that there is nothing; text: what is no version of this key. */
      found: number | string | null
      /** Whether this call asked the source itself. */
      loaded: boolean
    }
  | { op: 'set' | 'del'; key: string; version: number }
  | { op: 'check'; limiter: string; id: string; allowed: boolean; counted: boolean }
)

/** What a process holds, after a forced garbage collection. */
export interface Vitals {
  atMs: number
  rssBytes: number
  heapBytes: number
  sockets: number
  timers: number
  logLines: number
}

export type FromProcess =
  | { type: 'ready' }
  | { type: 'load' | 'commit'; id: number; key: string }
  | {
      type: 'batch'
      records: SoakRecord[]
      /** Longest that the event loop stood still since the last batch. */
      standstillMs: number
      /** Age of the oldest operation under way. */
      oldestMs: number
      /** Operations not begun, as too many were under way. */
      shed: number
      /** Of each cache and limiter, its state, when that is not `up` or something waits to be delivered. */
      notUp: string[]
    }
  | { type: 'vitals'; vitals: Vitals }
  | { type: 'finished'; pending: number }

export type ToProcess =
  | { type: 'start'; name: string; redisUrl: string; seed: number; opsPerSecond: number }
  | { type: 'version'; id: number; version: number }
  /** Changes these keys at the source and invalidates them; or reads them. */
  | { type: 'change' | 'read'; keys: string[] }
  | { type: 'stop' }
