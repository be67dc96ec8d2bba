import { defineScript, type Script } from '../backends/script.js'
import { SLOTS } from './sliding-window.js'
import { MAX_TEXT } from './window-text.js'

/** The server's clock in microseconds. */
const SERVER_TIME = `redis.call('TIME')
now = now[1] * 1000000 + now[2]`

/**
 * `decide` on the server: one read and, when allowed, one write of a key that is never larger.
 *
 * KEYS: the key. ARGV: limit, length of a slot in µs, cost, not-after in ms of the server's clock, `peek` or `take`, and
 * the life of a state in ms.
 * Replies: `allowed`, `denied`, or `late` when it came after its time and its caller had long been told otherwise; the
 * server's clock in µs; used; µs until a retry; µs until nothing is used. What stands under the key and is no state,
 * another limiter's list for instance, counts for nothing and is replaced. A server that takes no writes still denies.
 *
 * @param clock Lua that gives the time in µs; a test tells it
 */
export function slidingWindowScriptAt(clock: string): Script {
  return defineScript(
    `local now = ${clock}
if now > tonumber(ARGV[4]) * 1000 then return {'late', now} end
local limit, length, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local slot = math.floor(now / length)

local text = redis.pcall('GET', KEYS[1])
if type(text) == 'table' then
  if not string.find(text['err'], 'WRONGTYPE') then return text end
  text = false
end
-- Tables of their final size, as growing them would cost more than all the arithmetic.
local numbers, known, number = {${zeros(SLOTS + 2)}}, 0, 0
local bytes = {}
if text and #text <= ${MAX_TEXT} then
  bytes = {string.byte(text, 1, -1)}
  for at = 1, #bytes do
    local byte = bytes[at]
    if byte < 48 or byte > 111 or known > ${SLOTS + 1} then known = 0 break end
    if byte < 80 then
      known = known + 1
      numbers[known] = number * 32 + byte - 48
      number = 0
    else
      number = number * 32 + byte - 80
    end
  end
end

local counts, shift = {${zeros(SLOTS + 1)}}, ${SLOTS + 1}
if known > 0 then shift = slot - numbers[1] end
if shift < 0 and shift >= -${SLOTS} then
  slot = numbers[1]
  shift = 0
end
local used, newest, oldest = 0, nil, nil
if shift >= 0 then
  for age = shift, ${SLOTS} do
    local count = numbers[age - shift + 2]
    if count > 0 then
      counts[age + 1] = count
      used = used + count
      newest = newest or age
      oldest = age
    end
  end
end
local resetAfter = newest and (slot - newest + ${SLOTS + 1}) * length - now or 0

if used + cost > limit then
  local left, age = used, ${SLOTS}
  while age > 0 do
    left = left - counts[age + 1]
    if left + cost <= limit then break end
    age = age - 1
  end
  return {'denied', now, used, (slot - age + ${SLOTS + 1}) * length - now, resetAfter}
end
if ARGV[5] == 'peek' then return {'allowed', now, used, 0, resetAfter} end

counts[1] = counts[1] + cost
local at = 0
for age = -1, oldest or 0 do
  local number, power = age < 0 and slot or counts[age + 1], 1
  while power * 32 <= number do power = power * 32 end
  while power > 1 do
    local rest = number % power
    at = at + 1
    bytes[at] = 80 + (number - rest) / power
    number, power = rest, power / 32
  end
  at = at + 1
  bytes[at] = 48 + number
end
local reply = redis.pcall('SET', KEYS[1], string.char(unpack(bytes, 1, at)), 'PX', ARGV[6])
if reply['err'] then return reply end
return {'allowed', now, used + cost, 0, (slot + ${SLOTS + 1}) * length - now}`,
    (reply) => (Array.isArray(reply) ? Number(reply[1]) / 1000 : undefined),
  )
}

const zeros = (count: number) => Array(count).fill('0').join(',')

export const slidingWindowScript = slidingWindowScriptAt(SERVER_TIME)

export type ScriptAnswer = {
  verdict: 'allowed' | 'denied'
  used: number
  retryAfterUs: number
  resetAfterUs: number
}

/** Null when the reply is not one that the script gives. */
export function parseWindowReply(reply: unknown): ScriptAnswer | 'late' | null {
  if (!Array.isArray(reply)) return null
  const [verdict, , used, retryAfterUs, resetAfterUs] = reply as unknown[]
  if (verdict === 'late') return 'late'
  if (verdict !== 'allowed' && verdict !== 'denied') return null
  const numbers = [used, retryAfterUs, resetAfterUs].map(Number)
  if (!numbers.every(Number.isFinite)) return null
  return { verdict, used: numbers[0]!, retryAfterUs: numbers[1]!, resetAfterUs: numbers[2]! }
}
