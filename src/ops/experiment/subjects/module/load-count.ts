import type { VersionedValue } from '../subject.js'

/** Tells whether an answer came from the source, for a cache that reads through. */
export interface LoadCount {
  /**
   * @param read asks the cache, which may call what it is given
   */
  through(
    key: string,
    load: () => Promise<VersionedValue>,
    read: (counted: () => Promise<VersionedValue>) => unknown,
  ): Promise<{ value: unknown; loaded: boolean }>
}

export function countLoads(): LoadCount {
  /** By key; how often the source has answered. */
  const ended = new Map<string, number>()
  const of = (key: string) => ended.get(key) ?? 0
  return {
    async through(key, load, read) {
      const before = of(key)
      const value = await read(async () => {
        try {
          return await load()
        } finally {
          ended.set(key, of(key) + 1)
        }
      })
      // A load that ended meanwhile is the one that answered, whoever began it.
      return { value: value ?? null, loaded: of(key) > before }
    },
  }
}
