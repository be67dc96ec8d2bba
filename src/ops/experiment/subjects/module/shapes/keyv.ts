import { close } from '../close.js'
import { hasMethods } from '../methods.js'
import { rehearse } from '../rehearse.js'
import type { Shape } from './shape.js'

/** keyv: a Map that answers later. It has no way to read through. */
export const keyv: Shape = {
  name: 'keyv',
  relied: ['delete', 'get', 'set'],
  fits: (made) => hasMethods(made, 'get', 'set', 'delete', 'clear', 'on') && 'opts' in made,
  adapt(made, reference) {
    const cache = {
      wrapped: made,
      relied: keyv.relied,
      ttlLeftOut: reference.ttl === undefined,
      get: async (key: string) => (await made['get']?.(key)) ?? null,
      set: async (key: string, value: object) => void (await made['set']?.(key, value, reference.ttl)),
      del: async (key: string) => void (await made['delete']?.(key)),
      close: () => close(made),
    }
    return { ...cache, rehearse: (key?: string) => rehearse(cache, reference.name, { key }) }
  },
}
