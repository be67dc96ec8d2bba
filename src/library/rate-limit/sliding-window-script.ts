import { defineScript, type Script } from '../backends/script.js'
import { SLOTS } from './sliding-window.js'
import { MAX_TEXT } from './window-text.js'

/** The server's clock in microseconds. */
const SERVER_TIME = `redis.call('TIME')
now = now[1] * 1000000 + now[2]`

/**
 * `decide` on the server: one read and, when allowed, one write of a key that is never larger.
 *
 * KEYS: the key. ARGV: limit, length of a slot in µs, cost, not-after in ms of the server's clock, and `peek` or `take`.
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
local numbers, number = {}, 0
if text and #text <= ${MAX_TEXT} then
  for at = 1, #text do
    local digit = string.byte(text, at) - 48
    if digit < 0 or digit > 63 then numbers = {} break end
    number = number * 32 + digit % 32
    if digit < 32 then
      numbers[#numbers + 1] = number
      number = 0
    end
  end
end

local counts, shift = {}, ${SLOTS + 1}
if #numbers > 0 and #numbers <= ${SLOTS + 2} then shift = slot - numbers[1] end
if shift < 0 and shift >= -${SLOTS} then
  slot = numbers[1]
  shift = 0
end
local used, newest = 0, nil
for age = 0, ${SLOTS} do
  local count = 0
  if age >= shift then count = numbers[age - shift + 2] or 0 end
  counts[age] = count
  used = used + count
  if count > 0 and not newest then newest = age end
end

local function endsAfter(age) return (slot - age + ${SLOTS + 1}) * length - now end
if used + cost > limit then
  local left, age = used, ${SLOTS}
  while age > 0 do
    left = left - counts[age]
    if left + cost <= limit then break end
    age = age - 1
  end
  return {'denied', now, used, endsAfter(age), newest and endsAfter(newest) or 0}
end
if ARGV[5] == 'peek' then return {'allowed', now, used, 0, newest and endsAfter(newest) or 0} end

counts[0] = counts[0] + cost
local last = ${SLOTS}
while counts[last] == 0 do last = last - 1 end
counts[-1] = slot
local parts = {}
for age = -1, last do
  local rest = math.floor(counts[age] / 32)
  local digits = string.char(48 + counts[age] % 32)
  while rest > 0 do
    digits = string.char(80 + rest % 32) .. digits
    rest = math.floor(rest / 32)
  end
  parts[#parts + 1] = digits
end
local life = math.ceil(${SLOTS + 1} * length / 1000)
local reply = redis.pcall('SET', KEYS[1], table.concat(parts), 'PX', life)
if reply['err'] then return reply end
return {'allowed', now, used + cost, 0, endsAfter(0)}`,
    (reply) => (Array.isArray(reply) ? Number(reply[1]) / 1000 : undefined),
  )
}

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
