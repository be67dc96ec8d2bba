/** What was done to a server, counted by who did it. Counters only grow. */
export interface ServerCounts {
  /** Times its process was killed. */
  serverKills: number
  /** Times it was started again, empty. */
  serverStarts: number
  /** Times its process was stopped, and then answered no PING. */
  serverFreezes: number
  /** Times it said, once it had been told to follow another, that it is a replica with that one's data. */
  serverDemotions: number
}

/**
 * A server that is ours to harm: whoever uses it meets what happens to it, whichever way he comes.
 *
 * What sets it right (`start`, `thaw`, `lead`) does nothing when nothing is wrong.
 */
export interface FaultyServer {
  readonly host: string
  readonly port: number
  /** SIGKILL: the kernel resets or ends every connection, and refuses new ones. Nothing when it is down. */
  kill(): Promise<void>
  /** Starts it after `kill`, empty, where it was. */
  start(): Promise<void>
  /** SIGSTOP: the kernel still accepts and acknowledges, nobody answers. */
  freeze(): Promise<void>
  /** SIGCONT: it goes on with what has come meanwhile, also of clients that have gone. */
  thaw(): Promise<void>
  /** Makes it a replica; resolves once it has the other's data in place of its own, or after three seconds. */
  follow(other: Pick<FaultyServer, 'host' | 'port'>): Promise<void>
  /** Makes it a primary, with the data that it has. */
  lead(): Promise<void>
  /** Resolves to the replies. Rejects when it refuses or does not answer. */
  order(...commands: string[][]): Promise<string[]>
  counts(): ServerCounts
}
