import { defineScript, type Script } from '../backends/script.js'
import { SLOTS } from './sliding-window.js'
import { BASE, COUNT_DIGITS, MAX_TEXT, MIN_TEXT, SLOT_DIGITS, ZERO } from './window-text.js'

/** The server's clock in microseconds. */
const SERVER_TIME = `redis.call('TIME')
now = now[1] * 1000000 + now[2]`

const SLOT_BYTES = names('s', SLOT_DIGITS)
const USED_BYTES = names('u', COUNT_DIGITS)
const COUNT_BYTES = names('c', COUNT_DIGITS)
const COUNTS = SLOTS + 1

/**
 * `decide` on the server: one read and, when allowed, one write of a key that is never larger.
 *
 * KEYS: the key. ARGV: limit, length of a slot in µs, not-after in µs of the server's clock, the life of a state in ms,
 * the cost (1 when absent), and `peek` for one that leaves everything as it is.
 * Replies with numbers, the first of which is the server's clock in µs. Alone: it came after its time, and its caller had
 * long been told otherwise. Then used and µs until nothing is used; and, when denied, µs until a retry. What stands under
 * the key and is no state, another limiter's list for instance, counts for nothing and is replaced. A server that takes no
 * writes still denies.
 *
 * @param clock Lua that gives the time in µs; a test tells it
 */
export function slidingWindowScriptAt(clock: string): Script {
  return defineScript(
    `local now = ${clock}
if now > ARGV[3] + 0 then return {now} end
local limit, length, cost = ARGV[1] + 0, ARGV[2] + 0, (ARGV[5] or 1) + 0
local peek = ARGV[6] == 'peek'
local slot = math.floor(now / length)

local text = redis.pcall('GET', KEYS[1])
if type(text) == 'table' then
  if not string.find(text['err'], 'WRONGTYPE') then return text end
  text = nil
end
text = text or ''
local ${[...SLOT_BYTES, ...USED_BYTES, ...COUNT_BYTES].join(', ')} = string.byte(text, 1, ${MIN_TEXT})
local known, used, count, head, tail
if ${COUNT_BYTES.at(-1)} then
  known = ${value(SLOT_BYTES)}
  used = ${value(USED_BYTES)}
end

if known == slot and used + cost <= limit and not peek then
  -- Another in the newest slot, as most are: two numbers change.
  head, tail = string.sub(text, 1, ${SLOT_DIGITS}), string.sub(text, ${MIN_TEXT + 1})
  count = ${value(COUNT_BYTES)}
else
  local counts, shift, newest, oldest = {${Array(COUNTS).fill('0').join(',')}}, ${COUNTS}, nil, nil
  if known and #text <= ${MAX_TEXT} and (#text - ${MIN_TEXT}) % ${COUNT_DIGITS} == 0 and string.find(text, '^[0-o]+$') then
    shift = slot - known
    if shift < 0 and shift >= -${SLOTS} then slot, shift = known, 0 end
  end
  local sum, kept = 0, 0
  if shift >= 0 and shift <= ${SLOTS} then
    for age = 0, (#text - ${MIN_TEXT}) / ${COUNT_DIGITS} do
      local at = ${MIN_TEXT - COUNT_DIGITS + 1} + ${COUNT_DIGITS} * age
      local ${COUNT_BYTES.join(', ')} = string.byte(text, at, at + ${COUNT_DIGITS - 1})
      local each = ${value(COUNT_BYTES)}
      sum = sum + each
      if each > 0 and age + shift <= ${SLOTS} then
        oldest = age + shift
        newest = newest or oldest
        counts[oldest + 1] = each
        kept = kept + each
      end
    end
  end
  if sum ~= used then
    -- It only looked like a state.
    counts, newest, oldest, kept = {${Array(COUNTS).fill('0').join(',')}}, nil, nil, 0
    slot = math.floor(now / length)
  end
  used = kept
  local resetAfter = newest and (slot - newest + ${COUNTS}) * length - now or 0
  if used + cost > limit then
    local left, age = used, ${SLOTS}
    while age > 0 do
      left = left - counts[age + 1]
      if left + cost <= limit then break end
      age = age - 1
    end
    return {now, used, resetAfter, (slot - age + ${COUNTS}) * length - now}
  end
  if peek then return {now, used, resetAfter} end

  count = counts[1]
  local bytes, rest = {}, slot
  for at = ${SLOT_DIGITS}, 1, -1 do
    bytes[at] = ${ZERO} + rest % ${BASE}
    rest = (rest - rest % ${BASE}) / ${BASE}
  end
  head = string.char(unpack(bytes))
  local older = {}
  for age = 1, oldest or 0 do
    local number = counts[age + 1]
    older[age] = string.char(${chars('number')})
  end
  tail = table.concat(older)
end

used, count = used + cost, count + cost
text = head .. string.char(${chars('used')}, ${chars('count')}) .. tail
local reply = redis.pcall('SET', KEYS[1], text, 'PX', ARGV[4])
if reply['err'] then return reply end
return {now, used, (slot + ${COUNTS}) * length - now}`,
    (reply) => (Array.isArray(reply) ? Number(reply[0]) / 1000 : undefined),
  )
}

function names(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${index + 1}`)
}

/** Lua for the number that these bytes spell. */
function value(bytes: readonly string[]): string {
  const terms = bytes.map((byte, index) => `${byte} * ${BASE ** (bytes.length - 1 - index)}`)
  const zeros = bytes.reduce((sum) => sum * BASE + ZERO, 0)
  return `${terms.join(' + ')} - ${zeros}`
}

/** Lua for the bytes that spell this number. */
function chars(number: string): string {
  const powers = Array.from({ length: COUNT_DIGITS }, (_, index) => BASE ** (COUNT_DIGITS - 1 - index))
  return powers
    .map((power) => {
      const digit =
        power === 1
          ? `${number} % ${BASE}`
          : `(${number} % ${power * BASE} - ${number} % ${power}) / ${power}`
      return `${ZERO} + ${digit}`
    })
    .join(', ')
}

export const slidingWindowScript = slidingWindowScriptAt(SERVER_TIME)

export interface ScriptAnswer {
  allowed: boolean
  used: number
  resetAfterUs: number
  /** 0 when allowed. */
  retryAfterUs: number
}

/** Null when the reply is not one that the script gives. */
export function parseWindowReply(reply: unknown): ScriptAnswer | 'late' | null {
  if (!Array.isArray(reply) || reply.length > 4) return null
  const numbers = reply as unknown[]
  const now = Number(numbers[0])
  if (numbers.length === 1 && Number.isFinite(now)) return 'late'
  const denied = numbers.length === 4
  const [used, resetAfterUs, retryAfterUs] = [
    Number(numbers[1]),
    Number(numbers[2]),
    denied ? Number(numbers[3]) : 0,
  ]
  if (!Number.isFinite(now + used + resetAfterUs + retryAfterUs)) return null
  return { allowed: !denied, used, resetAfterUs, retryAfterUs }
}
