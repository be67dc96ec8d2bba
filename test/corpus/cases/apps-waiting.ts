import type { CorpusCase } from '../case.js'

const PROBES = 'probes/articles.yaml'

/** Who waits for Redis waits for as long as its client does. */
export const waiting: CorpusCase[] = [
  {
    id: 'no-command-timeout',
    hazard: 'H16',
    title: 'ioredis as it is by default: commands wait in its queue, and no call has a deadline',
    clause: 'C3',
    kind: 'app',
    framework: 'node:http',
    client: 'ioredis 6',
    sound: 'apps/articles-ioredis6.mjs',
    defective: 'apps/articles-ioredis6-unbounded.mjs',
    drill: 'stall',
    probes: PROBES,
  },
]
