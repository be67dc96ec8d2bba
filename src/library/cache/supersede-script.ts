import { defineScript } from '../backends/script.js'
import { TOMBSTONE_PREFIX } from './tombstone.js'

/**
 * Takes away whatever a write that did not arrive was to replace, unless it holds the very same text.
 *
 * KEYS: the key. ARGV: SHA-1 of the text that was to stand there, a tombstone, its TTL in ms. Replies 1 when it left
 * the tombstone, or nothing at all where the server is too full for one.
 */
export const supersedeScript = defineScript(
  `local current = redis.pcall('GET', KEYS[1])
if not current then return 0 end
if type(current) == 'string' then
  if string.sub(current, 1, ${TOMBSTONE_PREFIX.length}) == '${TOMBSTONE_PREFIX}' then return 0 end
  if redis.sha1hex(current) == ARGV[1] then return 0 end
end
local reply = redis.pcall('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
if reply['err'] then redis.call('DEL', KEYS[1]) end
return 1`,
)
