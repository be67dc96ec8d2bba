import { idsIn } from '../records.js'

/** How often the source was asked for each record, as seen from within the process that asks. */
export interface QueryCount {
  /** Give it to the client of the source as its own. */
  readonly fetch: typeof fetch
  /** Questions for the record of this id that have come to an end. */
  of(id: string): number
}

/** Finds the ids, which are UUIDs, in the address of each question. */
export function countQueries(): QueryCount {
  const ended = new Map<string, number>()
  return {
    fetch: async (input, init) => {
      const target = input instanceof Request ? input.url : String(input)
      const ids = init?.method === undefined || init.method === 'GET' ? idsIn(target) : []
      try {
        return await fetch(input, init)
      } finally {
        for (const id of ids) ended.set(id, (ended.get(id) ?? 0) + 1)
      }
    },
    of: (id) => ended.get(id) ?? 0,
  }
}
