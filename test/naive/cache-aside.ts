interface Cache {
  get(key: string): Promise<unknown>
  set(key: string, value: unknown): Promise<unknown>
}

/** Canonical §5.2: look, else load and store. */
export const cacheAside = (cache: Cache) => async (key: string, load: () => Promise<unknown>) => {
  const cached = await cache.get(key)
  if (cached !== null) return cached
  const value = await load()
  await cache.set(key, value)
  return value
}
