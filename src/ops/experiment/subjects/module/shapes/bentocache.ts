import { close } from '../close.js'
import { countLoads } from '../load-count.js'
import { hasMethods } from '../methods.js'
import { rehearse } from '../rehearse.js'
import type { Shape } from './shape.js'

/** bentocache: everything by name, in one argument, and reads go through `getOrSet`. */
export const bentocache: Shape = {
  name: 'bentocache',
  relied: ['delete', 'get', 'getOrSet', 'set'],
  fits: (made) => hasMethods(made, 'getOrSet', 'get', 'set', 'delete', 'namespace'),
  adapt(made, reference) {
    const loads = countLoads()
    const cache = {
      wrapped: made,
      relied: bentocache.relied,
      get: async (key: string) => (await made['get']?.({ key })) ?? null,
      set: async (key: string, value: object) => void (await made['set']?.({ key, value })),
      del: async (key: string) => void (await made['delete']?.({ key })),
      readThrough: (key: string, load: Parameters<typeof loads.through>[1]) =>
        loads.through(key, load, (factory) => made['getOrSet']?.({ key, factory })),
      close: () => close(made),
    }
    return { ...cache, rehearse: (key?: string) => rehearse(cache, reference.name, { key }) }
  },
}
