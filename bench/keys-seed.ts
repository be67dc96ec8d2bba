import type { Redis } from 'ioredis'

const AT_ONCE = 10_000

/** Families and their share of a million keys, with values as large as they are in life. */
const KINDS = [
  { prefix: 'copilot:auth:validation:u', keys: 250_000, bytes: 111, ttl: 300 },
  { prefix: 'copilot:conv:c', keys: 550_000, bytes: 200, ttl: 60 },
  { prefix: 'copilot:llm:policy:t', keys: 50_000, bytes: 80, ttl: 300 },
  { prefix: 'copilot:ratelimit:api:u', keys: 100_000, bytes: 60, ttl: 60 },
  { prefix: 'session:old:', keys: 50_000, bytes: 80, ttl: 0 },
]

export const PURGED = { family: 'auth.validation', pattern: 'copilot:auth:validation:*', keys: 250_000 }

/** TTLs are a hundred times those declared, so that nothing expires while it is measured. */
const FILL = `
local value = string.rep('x', ARGV[4])
for i = ARGV[2], ARGV[3] do
  if ARGV[5] == '0' then redis.call('SET', ARGV[1] .. i, value)
  else redis.call('SET', ARGV[1] .. i, value, 'EX', ARGV[5] * 100 + i % 600) end
end`

/**
 * A million keys, or those of one kind.
 *
 * @param only the glob of that kind
 */
export async function seed(redis: Redis, only?: string): Promise<void> {
  for (const { prefix, keys, bytes, ttl } of KINDS) {
    if (only !== undefined && !prefix.startsWith(only.slice(0, -1))) continue
    for (let from = 0; from < keys; from += AT_ONCE) {
      await redis.eval(FILL, 0, prefix, from, Math.min(keys, from + AT_ONCE) - 1, bytes, ttl)
    }
  }
}
