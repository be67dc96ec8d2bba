/** Connections that doctor itself opens to the server, so that what it counts of clients leaves them out. */
export interface OwnConnections {
  /** How many were begun so far. */
  readonly begun: number
  /** Counts what `open` opens; it is under way until its promise settles. @param connections how many that are; default 1 */
  count<T>(open: () => Promise<T>, connections?: number): Promise<T>
  /** Resolves once none is under way. */
  settled(): Promise<void>
}

export function ownConnections(): OwnConnections {
  const underWay = new Set<Promise<unknown>>()
  let begun = 0
  return {
    get begun() {
      return begun
    },
    async count(open, connections = 1) {
      begun += connections
      const opening = open()
      underWay.add(opening)
      try {
        return await opening
      } finally {
        underWay.delete(opening)
      }
    },
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
  }
}
