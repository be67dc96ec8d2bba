/** What a server was told, and what was seen of it, by who told it. Counters only grow. */
export interface PauseCounts {
  /** Times it said OK to CLIENT PAUSE. */
  serverPauses: number
  /** Times that a command of our own was then not answered. */
  serverHolds: number
  /** Times that the pause came to its end because nothing more could be said to the server. */
  pausesLost: number
}

/** A server that can be told to let its clients wait, ours or not. Whoever uses it meets that, whichever way he comes. */
export interface PausableServer {
  /**
   * Until `resume`, and should we die, for a fraction of a second.
   *
   * `all`: every command of every client. `writes`: what may write, scripts included.
   */
  pause(commands: 'all' | 'writes'): Promise<void>
  /** Resolves when clients are served again, or nothing can be heard of the server. Nothing when it is not paused. */
  resume(): Promise<void>
  counts(): PauseCounts
}
