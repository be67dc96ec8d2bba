/** A cache as an application holds it, set up as its documentation has it for production. */
export interface PeerCache {
  /** Null or undefined for a miss; rejects where the peer does. */
  get(key: string): Promise<unknown>
  set(key: string, value: object): Promise<unknown>
  del(key: string): Promise<unknown>
  close(): unknown
}

export interface CachePeer {
  name: string
  /** The major of ioredis that the host process has; absent: either will do. */
  ioredis?: 5 | 6
  /** Does not wait for the backend, which may be down. */
  create(url: string): PeerCache | Promise<PeerCache>
}

export const TTL_SECONDS = 300

/** Errors are told to the application, which has no use for them here; without a listener some would end the process. */
export const ignored = (): void => undefined
