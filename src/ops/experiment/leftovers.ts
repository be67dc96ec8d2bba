import { setTimeout as sleep } from 'node:timers/promises'
import type { Door } from '../faults/doors/door.js'
import { ask } from '../sandbox/ask.js'
import type { KeysLeft, Leftovers } from './measurement.js'
import { monotonicMs } from './monotonic.js'
import { plainText } from './plain-text.js'

const ASK_DEADLINE_MS = 2000
/** A connection of a process that is gone ends as soon as the door hears of it, which on a busy machine is not at once. */
const CLOSING_MS = 2000
const LOOK_EVERY_MS = 10

/**
 * Every key of every database, by what precedes its last colon. Counted on the server, in one step, past every door.
 * `-1` is no time to live at all.
 */
const COUNT_KEYS = `
local found = {}
for database = 0, 15 do
  if not redis.pcall('SELECT', database)['err'] then
    local cursor = '0'
    repeat
      local page = redis.call('SCAN', cursor, 'COUNT', 1000)
      cursor = page[1]
      for _, key in ipairs(page[2]) do
        local ttl = redis.call('PTTL', key)
        local prefix = string.gsub(key, ':[^:]*$', '')
        local of = found[prefix] or { keys = 0, withoutTtl = 0, longestTtlMs = 0 }
        of.keys = of.keys + 1
        if ttl == -1 then of.withoutTtl = of.withoutTtl + 1 end
        if ttl > of.longestTtlMs then of.longestTtlMs = ttl end
        found[prefix] = of
      end
    until cursor == '0'
  end
end
local list = {}
for prefix, of in pairs(found) do list[#list + 1] = { prefix, of.keys, of.withoutTtl, of.longestTtlMs } end
return cjson.encode(list)`

export interface LookedAt {
  /** A server of ours, whose every key the drill wrote; asked directly. */
  server: { url: string }
  /** That it asks for; absent: none. */
  password?: string | undefined
  door: Pick<Door, 'openConnections'>
}

/**
 * Looks at what a drill has left on its server, once the subject's processes are gone. Null when the server does not answer.
 *
 * @param declaredTtlMs the longest time to live that the subject declares for its keys; null when it says nothing
 */
export async function findLeftovers(
  { server, password, door }: LookedAt,
  declaredTtlMs: number | null,
): Promise<Leftovers | null> {
  const connections = await connectionsLeft(door)
  try {
    return { keys: await countKeys(server.url, password), connections, declaredTtlMs }
  } catch {
    return null
  }
}

/** How many connections are still there when they have had time to end. */
export async function connectionsLeft(door: LookedAt['door']): Promise<number> {
  const lastMs = monotonicMs() + CLOSING_MS
  while (door.openConnections() > 0 && monotonicMs() < lastMs) await sleep(LOOK_EVERY_MS)
  return door.openConnections()
}

async function countKeys(url: string, password: string | undefined): Promise<KeysLeft[]> {
  const { hostname: host, port } = new URL(url)
  const [reply = ''] = await ask({ host, port: Number(port), password, deadlineMs: ASK_DEADLINE_MS }, [
    'EVAL',
    COUNT_KEYS,
    '0',
  ])
  const found: unknown = JSON.parse(reply)
  // An empty table of Lua is an object.
  if (!Array.isArray(found)) return []
  return (found as [string, number, number, number][])
    .map(([prefix, keys, withoutTtl, longestTtlMs]) => ({
      prefix: plainText(prefix),
      keys,
      withoutTtl,
      longestTtlMs,
    }))
    .sort((left, right) => (left.prefix < right.prefix ? -1 : 1))
}
