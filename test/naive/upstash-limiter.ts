import { Redis } from '@upstash/redis'

/** What counts on Upstash where a log counts on Redis: this window, and the last one by the share that is still in sight. */
export function upstashLimiter(url: string, limit: number, windowMs: number) {
  const redis = new Redis({ url, token: 'dev' })
  async function check(identifier: string): Promise<boolean> {
    const window = Math.floor(Date.now() / windowMs)
    const [now, before] = [window, window - 1].map((each) => `ratelimit:${identifier}:${each}`)
    const last = (await redis.get<number>(before!)) ?? 0
    const used = await redis.incr(now!)
    await redis.pexpire(now!, 2 * windowMs)
    return used + last * (1 - (Date.now() % windowMs) / windowMs) <= limit
  }
  return { check, close: () => undefined }
}
