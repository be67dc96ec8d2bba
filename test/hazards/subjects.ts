/** What demands are made of: what the library's and the naive caches have in common. */
export interface Cache {
  get(key: string): Promise<unknown>
  set(key: string, value: unknown, ttlSeconds?: number): Promise<unknown>
  del(key: string): Promise<unknown>
  getOrLoad(key: string, load: () => Promise<unknown>): Promise<unknown>
  close(): unknown
}

export interface Limiter {
  check(identifier: string): Promise<boolean>
  close(): unknown
}
