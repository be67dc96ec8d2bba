import type { CorpusCase } from '../case.js'

/** Supabase's endpoint and its clients share the two processors with the drill: half the rate, for longer. */
const SLOWER = ['--with', 'supabase', '--rate', '30', '--before', '4s', '--after', '4s']

const tenants = {
  kind: 'app',
  framework: 'fastify',
  client: 'ioredis 5',
  sound: 'apps/tenants-ioredis5-supabase.mjs',
  probes: 'probes/articles.yaml',
  flags: SLOWER,
} as const

/** Settings of tenants, with Supabase as their source of truth. */
export const supabase: CorpusCase[] = [
  {
    ...tenants,
    id: 'error-cached-as-absence',
    hazard: 'H11',
    title:
      '{ data } of supabase-js without { error }: an outage of the database is cached as "there is none"',
    clause: 'C2',
    defective: 'apps/tenants-ioredis5-supabase-unchecked.mjs',
    drill: 'supabase-5xx',
  },
  {
    ...tenants,
    id: 'retries-on-top',
    hazard: 'H20',
    title: 'supabase-js retries reads by default, 1, 2 and 4 s apart: whoever misses waits for all of it',
    clause: 'C3',
    defective: 'apps/tenants-ioredis5-supabase-retries.mjs',
    drill: 'supabase-5xx',
  },
  {
    ...tenants,
    id: 'all-at-once',
    hazard: 'H18',
    title: 'readers wait for Redis together and, as it comes back empty, go to the database together',
    clause: 'C7',
    defective: 'apps/tenants-ioredis5-supabase-herd.mjs',
    drill: 'sigkill',
    probes: 'probes/tenants.yaml',
    flags: [...SLOWER, '--during', '6s'],
  },
]
