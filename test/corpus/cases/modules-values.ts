import type { CorpusCase } from '../case.js'
import { RATE, UPSTASH } from './modules-flags.js'

const LEASE = { kind: 'module', client: 'ioredis 6', sound: 'modules/lease-ioredis6.mjs' } as const

/** Caches that answer what is old, somebody else's, or nothing. */
export const cachesTelling: CorpusCase[] = [
  {
    id: 'lost-delete-bentocache',
    hazard: 'H1',
    title: 'a delete that never reached Redis is answered like one that did, and nobody repeats it',
    clause: 'C9',
    kind: 'module',
    client: 'bentocache',
    sound: 'modules/bentocache.mjs',
    defective: 'modules/lost-delete-bentocache.mjs',
    drill: 'refused',
    flags: RATE,
  },
  {
    ...LEASE,
    id: 'late-write',
    hazard: 'H2',
    title:
      'a SET whose caller has given up is carried out after the heal, over what others have changed since',
    clause: 'C9',
    defective: 'modules/late-write-ioredis6.mjs',
    drill: 'stall',
    flags: RATE,
  },
  {
    ...LEASE,
    id: 'overtaken-load',
    hazard: 'H3',
    title: 'what was loaded before a delete is stored after it',
    clause: 'C9',
    defective: 'modules/overtaken-load-ioredis6.mjs',
    drill: 'refused',
    flags: RATE,
  },
  {
    ...LEASE,
    id: 'no-end',
    hazard: 'H38',
    title: 'values are stored without a time to live',
    clause: 'C11',
    defective: 'modules/no-end-ioredis6.mjs',
    drill: 'refused',
    flags: [...RATE, '--module-ttl', '60'],
  },
  {
    id: 'unchecked-replies',
    hazard: 'H10',
    title: 'a value does not tell whose it is, so that a reply of another request is taken for it',
    clause: 'C2',
    kind: 'module',
    client: 'ioredis 5',
    sound: 'modules/integrity-ioredis5.mjs',
    defective: 'modules/unchecked-replies-ioredis5.mjs',
    drill: 'swapped-replies',
    flags: RATE,
  },
  {
    id: 'parsed-twice',
    hazard: 'H14',
    title: '@upstash/redis parses what it reads, the code parses it again, and every hit is a miss',
    clause: 'C8',
    kind: 'module',
    client: '@upstash/redis',
    sound: 'modules/upstash-redis.mjs',
    defective: 'modules/parsed-twice-upstash-redis.mjs',
    drill: 'upstash-500',
    flags: UPSTASH,
  },
]
