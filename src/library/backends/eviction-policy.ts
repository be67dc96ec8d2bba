import type { Redis } from 'ioredis'

/**
 * What a server does when its memory limit is reached, such as `allkeys-lru`. Null when it has no limit or does not tell:
 * INFO and CONFIG may both be forbidden, renamed or cut down. Never rejects.
 */
export async function readEvictionPolicy(redis: Redis): Promise<string | null> {
  // INFO first: it is forbidden less often, and each refusal is an entry in the server's ACL LOG.
  for (const read of [fromInfo, fromConfig]) {
    try {
      const { limit, policy } = await read(redis)
      if (typeof policy === 'string') return Number(limit) > 0 ? policy : null
    } catch {
      // Refused; the other may be allowed.
    }
  }
  return null
}

interface Told {
  limit: unknown
  policy: unknown
}

async function fromInfo(redis: Redis): Promise<Told> {
  const lines = new Map(
    (await redis.info('memory')).split('\r\n').map((line) => line.split(':') as [string, string]),
  )
  return { limit: lines.get('maxmemory'), policy: lines.get('maxmemory_policy') }
}

async function fromConfig(redis: Redis): Promise<Told> {
  const reply: unknown = await redis.config('GET', 'maxmemory*')
  // An array of names and values, or a map, as the protocol's version has it.
  const flat: unknown[] = Array.isArray(reply) ? reply : Object.entries(reply as object).flat()
  const value = (name: string) => flat[flat.indexOf(name) + 1]
  return { limit: value('maxmemory'), policy: value('maxmemory-policy') }
}
