/** How keys of one kind are used, the same in every process. */
export interface Kind {
  name: 'hot' | 'brief' | 'sealed' | 'bare' | 'scout' | 'sealed-scout'
  /** Which cache of the process: see process/caches.ts. */
  cache: 'plain' | 'sealed'
  /** `bare`: get, the source, then set, as a service without `getOrLoad`. */
  how: 'getOrLoad' | 'bare'
  /** One of these for each store; undefined: the cache's own. */
  ttls: readonly (number | undefined)[]
  /** Of a kind that is not made up as it goes. */
  count: number
  /** Whether some versions are the source's answer that there is nothing. */
  mayBeNothing: boolean
}

/** Longest TTL of the caches themselves, in seconds. */
export const CACHE_TTL = 60

export const KINDS: readonly Kind[] = [
  { name: 'hot', cache: 'plain', how: 'getOrLoad', ttls: [undefined], count: 20, mayBeNothing: true },
  { name: 'brief', cache: 'plain', how: 'getOrLoad', ttls: [1, 2], count: 10, mayBeNothing: true },
  { name: 'sealed', cache: 'sealed', how: 'getOrLoad', ttls: [2, undefined], count: 10, mayBeNothing: true },
  { name: 'bare', cache: 'plain', how: 'bare', ttls: [1, 5, undefined], count: 12, mayBeNothing: false },
]

/** How many names of scouts a process goes round in: a name comes again when what was stored under it has expired. */
export const SCOUT_NAMES = 1500

/** Each is read by one process only, so that it is a load and a write of its own; see ambush.ts. */
export const SCOUTS: readonly Kind[] = [
  { name: 'scout', cache: 'plain', how: 'getOrLoad', ttls: [20], count: 0, mayBeNothing: false },
  { name: 'sealed-scout', cache: 'sealed', how: 'getOrLoad', ttls: [20], count: 0, mayBeNothing: false },
]

const byName = new Map<string, Kind>([...KINDS, ...SCOUTS].map((kind) => [kind.name, kind]))

/** Keys are `soak:{kind}:…`. */
export function kindOf(key: string): Kind {
  const kind = byName.get(key.split(':')[1] ?? '')
  if (!kind) throw new Error(`no key of the soak: ${key}`)
  return kind
}

export const isScout = (key: string) => SCOUTS.includes(kindOf(key))

/** Longest that a value of this key can live in Redis, in ms. */
export function longestTtlMs(key: string): number {
  return 1000 * Math.max(...kindOf(key).ttls.map((ttl) => ttl ?? CACHE_TTL))
}
