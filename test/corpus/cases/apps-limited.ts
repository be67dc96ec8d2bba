import type { CorpusCase } from '../case.js'

const sessions = {
  kind: 'app',
  framework: 'express',
  client: 'ioredis 5',
  sound: 'apps/sessions-ioredis5.mjs',
  probes: 'probes/logins.yaml',
  drill: 'refused',
} as const

/** A login that is limited, and sessions whose visits are counted beside the answer. */
export const limited: CorpusCase[] = [
  {
    ...sessions,
    id: 'login-opens',
    hazard: 'H25',
    title: 'a login that is to be closed while it cannot be counted lets everybody in',
    clause: 'C4',
    defective: 'apps/sessions-ioredis5-lets-in.mjs',
  },
  {
    ...sessions,
    id: 'nobody-hears-the-rejection',
    hazard: 'H37',
    title: 'a write beside the answer has no catch: its first rejection ends the process',
    clause: 'C6',
    defective: 'apps/sessions-ioredis5-unheard.mjs',
  },
]
