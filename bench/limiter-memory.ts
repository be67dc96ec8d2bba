import { Redis } from 'ioredis'
import { createRateLimiter, families, ipIdentifier } from '../src/library/index.js'
import { printTable, promise } from './table.js'

const LIMITS = [10, 1000, 1_000_000]
const MOST_BYTES = 160
/** Short: the numbers of its slots are the longest. */
const WINDOW_MS = 1100
const SLOT_MS = WINDOW_MS / 10
const ADDRESSES = ['203.0.113.177', '2001:db8:aaaa:bbbb::1']

/** MEMORY USAGE of the one key of an identifier while it uses its limit up, a bit in every slot of a window. */
export async function benchLimiterMemory(url: string): Promise<void> {
  const server = new Redis(url)
  const rows = [['bytes per identifier at a limit of', ...LIMITS.map(String)]]
  for (const identifier of ADDRESSES.map((address) => ipIdentifier(address)!)) {
    const bytes = await Promise.all(LIMITS.map((limit) => mostBytes(url, server, limit, identifier)))
    rows.push([identifier, ...bytes.map(String)])
  }
  server.disconnect()
  printTable(rows)
  const most = Math.max(...rows.slice(1).flatMap((row) => row.slice(1).map(Number)))
  promise(`limiter: ≤ ${MOST_BYTES} bytes per identifier`, `${most} bytes`, most <= MOST_BYTES)
}

async function mostBytes(url: string, server: Redis, limit: number, identifier: string): Promise<number> {
  const name = `most${LIMITS.indexOf(limit)}`
  const limiter = createRateLimiter({ backend: 'redis', url }, { name, limit, windowMs: WINDOW_MS })
  const key = families.rateLimit.pattern.build({ bucket: name, identifier })
  let most = 0
  for (let request = 0; request < 22; request++) {
    await limiter.limit(identifier, { cost: Math.max(1, Math.floor(limit / 22)) })
    most = Math.max(most, Number(await server.memory('USAGE', key)))
    await new Promise((resolve) => setTimeout(resolve, SLOT_MS / 2))
  }
  await limiter.close()
  return most
}
