import { Redis } from 'ioredis'

/** A log of requests in a sorted set, by the clock of whoever asks. */
export function logLimiter(url: string, limit: number, windowMs: number) {
  const redis = new Redis(url).on('error', () => {})
  const script = `redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, ARGV[1] - ARGV[2])
    if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
    redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4]) redis.call('PEXPIRE', KEYS[1], ARGV[2]) return 1`
  async function check(identifier: string): Promise<boolean> {
    const args = [Date.now(), windowMs, limit, Math.random()]
    return (await redis.eval(script, 1, `ratelimit:${identifier}`, ...args)) === 1
  }
  return { check, close: () => redis.disconnect() }
}
