import type { CorpusCase } from '../case.js'

const profiles = {
  kind: 'app',
  framework: 'express',
  client: 'ioredis 6',
  sound: 'apps/profiles-ioredis6.mjs',
  probes: 'probes/articles.yaml',
} as const

/** Profiles that are written to the cache as they change. */
export const writeThrough: CorpusCase[] = [
  {
    ...profiles,
    id: 'refusal-taken-for-done',
    hazard: 'H6',
    title: 'READONLY is an answer, and taken for success: the demoted server goes on serving the old value',
    clause: 'C2',
    defective: 'apps/profiles-ioredis6-answered.mjs',
    drill: 'readonly',
  },
  {
    ...profiles,
    id: 'set-refused-when-full',
    hazard: 'H23',
    title: 'a SET that a full server refuses leaves the old value, which nobody deletes',
    clause: 'C2',
    defective: 'apps/profiles-ioredis6-full.mjs',
    drill: 'oom',
  },
  {
    ...profiles,
    id: 'switched-off-for-good',
    hazard: 'H34',
    title: 'the first failure switches the cache off until the next deployment',
    clause: 'C8',
    defective: 'apps/profiles-ioredis6-off.mjs',
    drill: 'refused',
    flags: ['--after', '6s'],
  },
  {
    ...profiles,
    id: 'parsed-unguarded',
    hazard: 'H12',
    title: 'what is in Redis is parsed and believed: garbage is an error for the caller, until it expires',
    clause: 'C1',
    defective: 'apps/profiles-ioredis6-trusting.mjs',
    drill: 'poison',
  },
]
