import { close } from '../close.js'
import { countLoads } from '../load-count.js'
import { hasMethods, type Methods } from '../methods.js'
import { rehearse, type Form } from '../rehearse.js'
import type { SubjectCache, VersionedValue } from '../../subject.js'
import type { Shape } from './shape.js'

const DELETES = ['del', 'delete', 'remove'] as const

/** What an application writes around its client: get and set, and one of the names for taking away. */
export const plainCache: Shape = {
  name: 'get/set/del',
  relied: ['get', 'set'],
  fits: (made) => hasMethods(made, 'get', 'set') && DELETES.some((name) => hasMethods(made, name)),
  adapt(made, { name, ttl }) {
    const remove = DELETES.find((each) => hasMethods(made, each)) ?? 'del'
    const form: Form = { isText: false }
    const more = ttl === undefined ? [] : [ttl]
    const cache: SubjectCache = {
      wrapped: made,
      relied: ['get', 'set', remove].toSorted(),
      ttlLeftOut: ttl === undefined,
      get: async (key) => decoded(await made['get']?.(key)),
      set: async (key, value) =>
        void (await made['set']?.(key, form.isText ? JSON.stringify(value) : value, ...more)),
      del: async (key) => void (await made[remove]?.(key)),
      ...readingThrough(made),
      ...telling(made),
      close: () => close(made),
    }
    return { ...cache, rehearse: (key) => rehearse(cache, name, { key, form }) }
  },
}

/** What is kept as text comes back as text. */
function decoded(answer: unknown): unknown {
  if (typeof answer !== 'string') return answer ?? null
  try {
    return JSON.parse(answer) as unknown
  } catch {
    return answer
  }
}

/** `getOrLoad` is ours: what it takes is known. */
function readingThrough(made: Methods): Pick<SubjectCache, 'readThrough'> {
  if (!hasMethods(made, 'getOrLoad')) return {}
  const loads = countLoads()
  return {
    readThrough: (key: string, load: () => Promise<VersionedValue>) =>
      loads.through(key, load, (counted) => made['getOrLoad']?.(key, counted)),
  }
}

/** As `getStatus` of our cache says it. */
function telling(made: Methods): Pick<SubjectCache, 'status'> {
  if (!hasMethods(made, 'getStatus')) return {}
  return {
    status: () => {
      const { state } = (made['getStatus']?.() ?? {}) as { state?: unknown }
      return typeof state === 'string' ? state : 'up'
    },
  }
}
