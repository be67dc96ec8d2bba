/** The ways in which a door to Redis fails, in the order in which drills run them; docs/faults has a page on each. */
export const REDIS_FAULTS = [
  'refused',
  'stall',
  'reset',
  'latency',
  'oom',
  'readonly',
  'flap',
  'loading',
  'cold',
  'cut',
  'busy',
  'misconf',
  'masterdown',
  'noauth',
  'noperm',
  'clusterdown',
  'moved',
  'maxclients',
  'corrupt',
  'swapped-replies',
  'poison',
  'miss',
  'short-ttl',
  'blackhole',
  'drip',
  'half-open',
  'slow-close',
] as const

/** The ways in which a door to a REST API fails; docs/faults has a page on each. */
export const REST_FAULTS = [
  'refused',
  'stall',
  'reset',
  'latency',
  'flap',
  'blackhole',
  'drip',
  'half-open',
  'slow-close',
  'upstash-429',
  'upstash-500',
  'upstash-401',
  'upstash-html',
  'upstash-hang',
  'upstash-slow',
] as const

/** One of `REDIS_FAULTS`. */
export type RedisFault = (typeof REDIS_FAULTS)[number]

/** One of `REST_FAULTS`. */
export type RestFault = (typeof REST_FAULTS)[number]
