import type { CorpusCase } from '../case.js'
import { CLOSED, OPEN } from './modules-flags.js'

const OURS = {
  kind: 'module',
  client: 'ioredis 6',
  sound: 'modules/limiter-ioredis6.mjs',
  flags: OPEN,
} as const
const FLEXIBLE = {
  kind: 'module',
  client: 'rate-limiter-flexible',
  sound: 'modules/rate-limiter-flexible.mjs',
  flags: CLOSED,
} as const
const RATELIMIT = {
  kind: 'module',
  client: '@upstash/ratelimit',
  sound: 'modules/upstash-ratelimit.mjs',
  flags: [...OPEN, '--backend', 'upstash'],
} as const

/** Limiters that allow what they should not, deny whom they should not, or decide nothing. */
export const limiters: CorpusCase[] = [
  {
    ...OURS,
    id: 'short-lived-counts',
    hazard: 'H26',
    title: 'PEXPIRE is given seconds, so that counts are gone at once and nobody is ever denied',
    clause: 'C4',
    defective: 'modules/short-lived-limiter-ioredis6.mjs',
    drill: 'refused',
  },
  {
    ...OURS,
    id: 'asked-again',
    hazard: 'H27',
    title: 'a check without an answer is tried again, and the server counts each try',
    clause: 'C4',
    defective: 'modules/asked-again-limiter-ioredis6.mjs',
    drill: 'stall',
  },
  {
    ...OURS,
    id: 'fixed-window',
    hazard: 'H29',
    title: 'a window that begins anew with each second allows the limit twice around its edge',
    clause: 'C4',
    defective: 'modules/fixed-window-limiter-ioredis6.mjs',
    drill: 'refused',
  },
  {
    ...RATELIMIT,
    id: 'estimated-window',
    hazard: 'H29',
    title: 'the sliding window of @upstash/ratelimit is an estimate, and taken for a limit',
    clause: 'C4',
    defective: 'modules/estimated-upstash-ratelimit.mjs',
    drill: 'upstash-500',
  },
  {
    ...OURS,
    id: 'merged-identifiers',
    hazard: 'H32',
    title: 'what does not fit into a key is replaced, so that several people share one limit',
    clause: 'C4',
    defective: 'modules/merged-ids-limiter-ioredis6.mjs',
    drill: 'refused',
  },
  {
    ...OURS,
    id: 'two-commands',
    hazard: 'H38',
    title: 'INCR, then PEXPIRE: when the connection ends between the two, the count has no end',
    clause: 'C11',
    defective: 'modules/two-commands-limiter-ioredis6.mjs',
    drill: 'cut',
  },
  {
    ...FLEXIBLE,
    id: 'waiting-limiter',
    hazard: 'H16',
    title:
      'rate-limiter-flexible over a client without a deadline: a check waits as long as the server hangs',
    clause: 'C3',
    defective: 'modules/waiting-rate-limiter-flexible.mjs',
    drill: 'stall',
  },
  {
    ...FLEXIBLE,
    id: 'opened-limiter',
    hazard: 'H25',
    title: 'a limiter that is declared closed lets everybody through while it cannot count',
    clause: 'C4',
    defective: 'modules/opened-rate-limiter-flexible.mjs',
    drill: 'refused',
  },
  {
    ...RATELIMIT,
    id: 'defaults-ratelimit',
    hazard: 'H16',
    title: '@upstash/ratelimit as it is by default: it waits for 5 s before it lets a request through',
    clause: 'C3',
    defective: 'modules/defaults-upstash-ratelimit.mjs',
    drill: 'upstash-hang',
  },
  {
    ...RATELIMIT,
    id: 'noisy-limiter',
    hazard: 'H37',
    title: 'each failure is printed with its stack, so that an outage fills the disk',
    clause: 'C6',
    defective: 'modules/noisy-upstash-ratelimit.mjs',
    drill: 'upstash-500',
  },
]
