import { defineScript } from '../backends/script.js'
import { TOMBSTONE_PREFIX } from './tombstone.js'

/**
 * `stored` · `late`: it reached the server after its deadline, when the caller had long been told otherwise ·
 * `refused`: somebody else's tombstone stands · `conflict`: another value came in between; as nobody can tell which is
 * newer, both give way to a tombstone.
 */
export type StoreResult = 'stored' | 'late' | 'refused' | 'conflict'

/**
 * Stores a value only if nothing happened to the key since this process last looked, and only in time.
 *
 * KEYS: the key. ARGV: value, TTL in ms, not-after in ms of the server's clock, what was observed (`*` nothing known,
 * `-` no key, `t…` that tombstone, `v…` a value with that SHA-1), tombstone for a conflict, its TTL in ms.
 * Replies: a StoreResult and the server's clock in ms. A server that is too full for the value loses the older one, which
 * it was to replace.
 */
export const storeScript = defineScript(
  `local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
if now > tonumber(ARGV[3]) then return {'late', now} end
local observed = ARGV[4]
local kind = string.sub(observed, 1, 1)
local current = redis.pcall('GET', KEYS[1])
if type(current) == 'string' and current ~= ARGV[1] then
  if string.sub(current, 1, ${TOMBSTONE_PREFIX.length}) == '${TOMBSTONE_PREFIX}' then
    if observed ~= 't' .. current then return {'refused', now} end
  elseif kind ~= '*' and not (kind == 'v' and observed == 'v' .. redis.sha1hex(current)) then
    local reply = redis.pcall('SET', KEYS[1], ARGV[5], 'PX', ARGV[6])
    if reply['err'] then redis.call('DEL', KEYS[1]) end
    return {'conflict', now}
  end
end
local reply = redis.pcall('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if reply['err'] then
  if current and current ~= ARGV[1] and string.find(reply['err'], 'OOM') then redis.call('DEL', KEYS[1]) end
  return reply
end
return {'stored', now}`,
  (reply) => (Array.isArray(reply) ? Number(reply[1]) : undefined),
)

/** Null when the reply is not one that the script gives. */
export function parseStoreReply(reply: unknown): StoreResult | null {
  const result: unknown = Array.isArray(reply) ? reply[0] : null
  return result === 'stored' || result === 'late' || result === 'refused' || result === 'conflict'
    ? result
    : null
}
