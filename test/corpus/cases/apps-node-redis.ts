import type { CorpusCase } from '../case.js'

const products = {
  kind: 'app',
  framework: 'express',
  client: 'node-redis 6',
  sound: 'apps/products-node-redis.mjs',
  probes: 'probes/products.yaml',
} as const

/** Products that are read through node-redis. */
export const nodeRedis: CorpusCase[] = [
  {
    ...products,
    id: 'written-and-waited-for',
    hazard: 'H16',
    title: 'node-redis without a deadline around it: a command that has been written is waited for',
    clause: 'C3',
    defective: 'apps/products-node-redis-unbounded.mjs',
    drill: 'stall',
  },
  {
    ...products,
    id: 'no-error-listener',
    hazard: 'H37',
    title: 'a client without an error listener: the first lost connection ends the process',
    clause: 'C6',
    defective: 'apps/products-node-redis-no-listener.mjs',
    drill: 'refused',
  },
  {
    ...products,
    id: 'breaker-opens-for-long',
    hazard: 'H21',
    title: 'one failure opens the breaker for 30 s, however soon Redis is back',
    clause: 'C8',
    defective: 'apps/products-node-redis-patient.mjs',
    drill: 'refused',
    flags: ['--after', '6s'],
  },
  {
    ...products,
    id: 'dates-become-text',
    hazard: 'H13',
    title: 'a Date comes back from the cache as text, and whoever sorts by it does not sort',
    clause: 'C2',
    defective: 'apps/products-node-redis-dates.mjs',
    drill: 'refused',
  },
]
