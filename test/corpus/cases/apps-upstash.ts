import type { CorpusCase } from '../case.js'

const quotes = {
  kind: 'app',
  framework: 'next-style',
  client: '@upstash/redis',
  sound: 'apps/quotes-upstash.mjs',
  probes: 'probes/quotes.yaml',
  flags: ['--backend', 'upstash'],
} as const

/** Route handlers over Upstash. */
export const upstash: CorpusCase[] = [
  {
    ...quotes,
    id: 'rest-without-a-deadline',
    hazard: 'H16',
    title: '@upstash/redis as it is by default: no deadline, and five retries',
    clause: 'C3',
    defective: 'apps/quotes-upstash-unbounded.mjs',
    drill: 'upstash-hang',
  },
  {
    ...quotes,
    id: 'message-with-the-token',
    hazard: 'H36',
    title:
      "the client's error is logged as it is: its message has the command, and the session's token is the key",
    clause: 'C11',
    defective: 'apps/quotes-upstash-message.mjs',
    drill: 'upstash-500',
  },
]
