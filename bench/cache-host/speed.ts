import type { PeerCache } from '../cache-peers/cache-peer.js'

/** Its own: each peer has a format of its own. */
const KEYS = Array.from({ length: 100 }, (_, index) => `bench:${process.pid}:${index}`)
/** 100 bytes of JSON, as in redis-benchmark -d 100. */
const value = (key: string) => ({
  key,
  tenant: 'tenant-17',
  roles: ['member', 'editor'],
  note: 'x'.repeat(24),
})

/** Connects, stores what is read, and has the compiler see the code. */
export async function warmUp(cache: PeerCache, ms: number): Promise<void> {
  const end = performance.now() + 10_000
  while (!(await isThere(cache))) {
    if (performance.now() > end) throw new Error('it does not get warm')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  for (const key of KEYS) await cache.set(key, value(key))
  await concurrent(cache, 50, ms)
  await sequential(cache, ms / 2)
}

async function isThere(cache: PeerCache): Promise<boolean> {
  try {
    await cache.set(KEYS[0]!, value(KEYS[0]!))
    return (await cache.get(KEYS[0]!)) != null
  } catch {
    return false
  }
}

/** Milliseconds of each `get` that hit, one after the other. */
export async function sequential(cache: PeerCache, ms: number): Promise<{ waits: number[]; misses: number }> {
  const waits: number[] = []
  let misses = 0
  const end = performance.now() + ms
  for (let startedAt = performance.now(); startedAt < end;) {
    const isHit = await hits(cache, waits.length)
    const endedAt = performance.now()
    if (isHit) waits.push(endedAt - startedAt)
    else misses++
    startedAt = endedAt
  }
  return { waits, misses }
}

/** `get`s per second that hit, of so many callers at once. */
export async function concurrent(
  cache: PeerCache,
  callers: number,
  ms: number,
): Promise<{ rate: number; misses: number }> {
  let done = 0
  let misses = 0
  const startedAt = performance.now()
  const end = startedAt + ms
  const caller = async () => {
    do {
      if (await hits(cache, done)) done++
      else misses++
    } while (performance.now() < end)
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return { rate: (done * 1000) / (performance.now() - startedAt), misses }
}

/** A machine that is busy otherwise may make a read of a healthy Redis miss its deadline; that is no read. */
async function hits(cache: PeerCache, index: number): Promise<boolean> {
  if ((await cache.get(KEYS[index % KEYS.length]!)) != null) return true
  await new Promise((resolve) => setTimeout(resolve, 1))
  return false
}
