import { close } from '../close.js'
import { countLoads } from '../load-count.js'
import { hasMethods } from '../methods.js'
import { rehearse } from '../rehearse.js'
import type { Shape } from './shape.js'

/** cache-manager, from version 5 on: reads go through `wrap`. */
export const cacheManager: Shape = {
  name: 'cache-manager',
  relied: ['del', 'get', 'set', 'wrap'],
  fits: (made) => hasMethods(made, 'wrap', 'get', 'set', 'del') && ('stores' in made || 'store' in made),
  adapt(made, reference) {
    const loads = countLoads()
    const cache = {
      wrapped: made,
      relied: cacheManager.relied,
      ttlLeftOut: reference.ttl === undefined,
      get: async (key: string) => (await made['get']?.(key)) ?? null,
      set: async (key: string, value: object) => void (await made['set']?.(key, value, reference.ttl)),
      del: async (key: string) => void (await made['del']?.(key)),
      readThrough: (key: string, load: Parameters<typeof loads.through>[1]) =>
        loads.through(key, load, (factory) => made['wrap']?.(key, factory)),
      close: () => close(made),
    }
    return { ...cache, rehearse: (key?: string) => rehearse(cache, reference.name, { key }) }
  },
}
